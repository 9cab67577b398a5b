import { RadioCards } from '@jumpa/ui';
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppKey, type AppOf, rotateKey } from '../api/appKeys';
import { CopyField } from '../parts/CopyField';
import { Dialog, DialogActions } from '../parts/Dialog';
import { ProblemNotice } from '../parts/ProblemNotice';
import { SecretOnce } from '../parts/SecretOnce';
import { Stack } from '../parts/Stack';
import { looksLikePublicKey, PublicKeyField } from './PublicKeyField';

/** How long the old key signs on, seconds. */
const OVERLAPS = { hour: 3_600, day: 86_400, week: 604_800 } as const;
type Overlap = keyof typeof OVERLAPS;

export interface RotateKeyDialogProps {
  of: AppOf;
  old: AppKey;
  onRotated: () => void;
  onClose: () => void;
}

/** Makes a successor of a key; both sign until the old one's time is over. */
export function RotateKeyDialog({ of, old, onRotated, onClose }: RotateKeyDialogProps): ReactNode {
  const { t } = useTranslation('client');
  const [overlap, setOverlap] = useState<Overlap>('day');
  const [publicKey, setPublicKey] = useState('');
  const [isWrong, setWrong] = useState(false);
  const isPublic = old.kind !== 'hs256';
  const rotate = useMutation({
    mutationFn: () =>
      rotateKey(of, old.id, {
        overlap_s: OVERLAPS[overlap],
        ...(isPublic && { public_key: publicKey.trim() }),
      }),
    onSuccess: onRotated,
  });
  if (rotate.data) {
    const { key, secret } = rotate.data;
    return (
      <Dialog title={t('key_new.created')} isSticky onClose={onClose}>
        {secret === null ? (
          <Stack>
            <p>{t('key_new.public_created')}</p>
            <CopyField label={t('keys.col_id')} value={key.id} />
            <Button onClick={onClose}>{t('key_new.done')}</Button>
          </Stack>
        ) : (
          <SecretOnce label={t('key_new.secret')} secret={secret} onDone={onClose}>
            <CopyField label={t('keys.col_id')} value={key.id} />
          </SecretOnce>
        )}
      </Dialog>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isMissing = isPublic && !looksLikePublicKey(publicKey);
    setWrong(isMissing);
    if (!isMissing) rotate.mutate();
  };
  return (
    <Dialog title={t('rotate.title', { id: old.id })} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <p>{t('rotate.text')}</p>
          {rotate.error && <ProblemNotice error={rotate.error} />}
          {isPublic && (
            <PublicKeyField value={publicKey} isWrong={isWrong} onChange={setPublicKey} />
          )}
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
