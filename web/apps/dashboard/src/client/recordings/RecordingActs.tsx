import { Button, Menu } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  holdRecording,
  isOver,
  type RecordingDetail,
  recordingsKey,
  restoreRecording,
  stopRecording,
} from '../../api/recordings';
import { IconDotsVertical } from '../../icons';
import { later } from '../../parts/later';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { ChoiceMenu } from '../../shell/ChoiceMenu';
import { useClient } from '../useClient';

const Dialog = later(async () => (await import('../../parts/Dialog')).Dialog);
const ConfirmDialog = later(async () => (await import('../../parts/ConfirmDialog')).ConfirmDialog);
const ShareDialog = later(async () => (await import('./ShareDialog')).ShareDialog);
const DeleteDialog = later(async () => (await import('./DeleteDialog')).DeleteDialog);

/** What may be done with a recording, by its state and by who looks at it. */
export function RecordingActs({ recording }: { recording: RecordingDetail }): ReactNode {
  const { t } = useTranslation('recordings');
  const { tenantId: tenant, mayChange } = useClient();
  const queries = useQueryClient();
  const [open, setOpen] = useState<'share' | 'hold' | 'delete' | null>(null);
  const close = () => setOpen(null);
  const { id, has_legal_hold: isHeld } = recording;
  const onSuccess = () => {
    close();
    return queries.invalidateQueries({ queryKey: recordingsKey(tenant) });
  };
  const stop = useMutation({ mutationFn: () => stopRecording(tenant, id), onSuccess });
  const restore = useMutation({ mutationFn: () => restoreRecording(tenant, id), onSuccess });
  const hold = useMutation({ mutationFn: () => holdRecording(tenant, id, !isHeld), onSuccess });
  const mayRemove = mayChange('recordings_kept');
  const isGone = recording.purged_at !== null;
  const isDeleted = recording.deleted_at !== null;
  if (isGone || !mayChange('recordings')) return null;
  return (
    <>
      {!isOver(recording) && !recording.is_stopping && (
        <Button color="cabai" loading={stop.isPending} onClick={() => stop.mutate()}>
          {t('acts.stop')}
        </Button>
      )}
      {recording.state === 'ready' && !isDeleted && (
        <Button variant="default" onClick={() => setOpen('share')}>
          {t('acts.share')}
        </Button>
      )}
      {isDeleted && mayRemove && (
        <Button loading={restore.isPending} onClick={() => restore.mutate()}>
          {t('acts.restore')}
        </Button>
      )}
      {!isDeleted && mayRemove && (
        <ChoiceMenu
          label={t('acts.more')}
          position="bottom-end"
          target={
            <button type="button" className="icon-button" aria-label={t('acts.more')}>
              <IconDotsVertical aria-hidden="true" />
            </button>
          }
        >
          <Menu.Item onClick={() => setOpen('hold')}>
            {isHeld ? t('acts.release') : t('acts.hold')}
          </Menu.Item>
          {isOver(recording) && !isHeld && (
            <Menu.Item data-tone="danger" onClick={() => setOpen('delete')}>
              {t('acts.delete')}
            </Menu.Item>
          )}
        </ChoiceMenu>
      )}
      {(stop.error ?? restore.error) && (
        <Dialog
          title={t('acts.failed')}
          onClose={() => {
            stop.reset();
            restore.reset();
          }}
        >
          <ProblemNotice error={(stop.error ?? restore.error) as Error} />
        </Dialog>
      )}
      {open === 'share' && <ShareDialog recording={recording} onClose={close} />}
      {open === 'hold' && (
        <ConfirmDialog
          title={isHeld ? t('acts.release') : t('acts.hold')}
          consequence={isHeld ? t('acts.release_consequence') : t('acts.hold_consequence')}
          action={isHeld ? t('acts.release') : t('acts.hold')}
          isDanger={false}
          isBusy={hold.isPending}
          error={hold.error}
          onConfirm={hold.mutate}
          onClose={close}
        />
      )}
      {open === 'delete' && (
        <DeleteDialog recording={recording} onDeleted={onSuccess} onClose={close} />
      )}
    </>
  );
}
