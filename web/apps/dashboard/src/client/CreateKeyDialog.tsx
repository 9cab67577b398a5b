import { RadioCards } from '@jumpa/ui';
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppOf, createKey, type KeyKind } from '../api/appKeys';
import { CopyField } from '../parts/CopyField';
import { Dialog, DialogActions } from '../parts/Dialog';
import { ProblemNotice } from '../parts/ProblemNotice';
import { SecretOnce } from '../parts/SecretOnce';
import { Stack } from '../parts/Stack';
import { looksLikePublicKey, PublicKeyField } from './PublicKeyField';

const KINDS: readonly KeyKind[] = ['hs256', 'rs256', 'es256', 'ed25519'];

export interface CreateKeyDialogProps {
  of: AppOf;
  onCreated: () => void;
  onClose: () => void;
}

/** Makes a shared secret, which is shown once, or takes a public key. */
export function CreateKeyDialog({ of, onCreated, onClose }: CreateKeyDialogProps): ReactNode {
  const { t } = useTranslation('client');
  const [kind, setKind] = useState<KeyKind>('hs256');
  const [publicKey, setPublicKey] = useState('');
  const [isMissing, setMissing] = useState(false);
  const isPublic = kind !== 'hs256';
  const create = useMutation({
    mutationFn: () => createKey(of, { kind, ...(isPublic && { public_key: publicKey.trim() }) }),
    onSuccess: onCreated,
  });

  if (create.data) {
    const { key, secret } = create.data;
    return (
      <Dialog title={t('key_new.created')} isSticky onClose={onClose}>
        {secret ? (
          <SecretOnce label={t('key_new.secret')} secret={secret} onDone={onClose}>
            <CopyField label={t('keys.col_id')} value={key.id} />
          </SecretOnce>
        ) : (
          <Stack>
            <p>{t('key_new.public_created')}</p>
            <CopyField label={t('keys.col_id')} value={key.id} />
            <Button onClick={onClose}>{t('key_new.done')}</Button>
          </Stack>
        )}
      </Dialog>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isWrong = isPublic && !looksLikePublicKey(publicKey);
    setMissing(isWrong);
    if (!isWrong) create.mutate();
  };
  return (
    <Dialog title={t('key_new.title')} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {create.error && <ProblemNotice error={create.error} />}
          <RadioCards
            label={t('key_new.kind')}
            value={kind}
            options={KINDS.map((value) => ({
              value,
              label: t(`key_kind.${value}`),
              help: t(`key_kind_help.${value}`),
            }))}
            onChoose={setKind}
          />
          {isPublic && (
            <PublicKeyField value={publicKey} isWrong={isMissing} onChange={setPublicKey} />
          )}
          <DialogActions label={t('key_new.action')} isBusy={create.isPending} onCancel={onClose} />
        </Stack>
      </form>
    </Dialog>
  );
}
