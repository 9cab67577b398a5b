import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { rotateKey } from '../api/clientApps';
import { CopyField } from '../parts/CopyField';
import { Dialog, DialogActions } from '../parts/Dialog';
import { ProblemNotice } from '../parts/ProblemNotice';
import { RadioCards } from '../parts/RadioCards';
import { SecretOnce } from '../parts/SecretOnce';
import { Stack } from '../parts/Stack';

/** How long the old key signs on, seconds. */
const OVERLAPS = { hour: 3_600, day: 86_400, week: 604_800 } as const;
type Overlap = keyof typeof OVERLAPS;

export interface RotateKeyDialogProps {
  tenant: string;
  app: string;
  keyId: string;
  onRotated: () => void;
  onClose: () => void;
}

/** Makes a successor of a key; both sign until the old one's time is over. */
export function RotateKeyDialog(props: RotateKeyDialogProps): ReactNode {
  const { tenant, app, keyId, onRotated, onClose } = props;
  const { t } = useTranslation('client');
  const [overlap, setOverlap] = useState<Overlap>('day');
  const rotate = useMutation({
    mutationFn: () => rotateKey(tenant, app, keyId, OVERLAPS[overlap]),
    onSuccess: onRotated,
  });
  if (rotate.data) {
    const { key, secret } = rotate.data;
    return (
      <Dialog title={t('key_new.created')} isSticky onClose={onClose}>
        <SecretOnce label={t('key_new.secret')} secret={secret ?? ''} onDone={onClose}>
          <CopyField label={t('keys.col_id')} value={key.id} />
        </SecretOnce>
      </Dialog>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rotate.mutate();
  };
  return (
    <Dialog title={t('rotate.title', { id: keyId })} onClose={onClose}>
      <form onSubmit={submit}>
        <Stack>
          <p>{t('rotate.text')}</p>
          {rotate.error && <ProblemNotice error={rotate.error} />}
          <RadioCards
            label={t('rotate.overlap')}
            value={overlap}
            options={(['hour', 'day', 'week'] as const).map((value) => ({
              value,
              label: t(`rotate.overlap_${value}`),
            }))}
            onChoose={setOverlap}
          />
          <DialogActions label={t('rotate.action')} isBusy={rotate.isPending} onCancel={onClose} />
        </Stack>
      </form>
    </Dialog>
  );
}
