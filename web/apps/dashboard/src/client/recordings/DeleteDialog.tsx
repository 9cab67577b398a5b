import { Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { deleteRecording, type RecordingDetail } from '../../api/recordings';
import { Dialog, DialogActions } from '../../parts/Dialog';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { Stack } from '../../parts/Stack';
import { useClient } from '../useClient';

/** Most signs of a reason; the server takes no more. */
const REASON_LENGTH = 500;

export interface DeleteDialogProps {
  recording: RecordingDetail;
  onDeleted: () => Promise<void>;
  onClose: () => void;
}

/** Deletes a recording, with the reason that stays in its evidence. */
export function DeleteDialog({ recording, onDeleted, onClose }: DeleteDialogProps): ReactNode {
  const { t } = useTranslation('recordings');
  const { tenantId } = useClient();
  const [reason, setReason] = useState('');
  const remove = useMutation({
    mutationFn: () => deleteRecording(tenantId, recording.id, reason.trim()),
    onSuccess: onDeleted,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    remove.mutate();
  };
  return (
    <Dialog title={t('acts.delete_title', { room: recording.room })} onClose={onClose}>
      <form onSubmit={submit}>
        <Stack>
          <p>{t('acts.delete_consequence')}</p>
          <Textarea
            label={t('acts.reason')}
            description={t('acts.reason_help')}
            value={reason}
            maxLength={REASON_LENGTH}
            minRows={2}
            data-autofocus
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {remove.error && <ProblemNotice error={remove.error} />}
          <DialogActions
            label={t('acts.delete')}
            isDanger
            isBusy={remove.isPending}
            isDisabled={reason.trim() === ''}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Dialog>
  );
}
