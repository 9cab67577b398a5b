import { Button } from '@mantine/core';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { confirmIdentity } from '../api/account';
import { meQuery } from '../api/me';
import { Dialog, DialogActions } from '../parts/Dialog';
import { PasswordField } from '../parts/PasswordField';
import { ProblemNotice } from '../parts/ProblemNotice';
import { Stack } from '../parts/Stack';
import { CodeField } from '../people/CodeField';

export interface ProofDialogProps {
  onProved: () => void;
  onDeclined: () => void;
}

/** Password once more, or a code where the person has a second factor. */
export function ProofDialog({ onProved, onDeclined }: ProofDialogProps): ReactNode {
  const { t } = useTranslation('people');
  const { data: me } = useSuspenseQuery(meQuery);
  const [way, setWay] = useState<'password' | 'code'>(me.has_totp ? 'code' : 'password');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const confirm = useMutation({
    mutationFn: (given: string) =>
      confirmIdentity(way === 'code' ? { code: given } : { password: given }),
    onSuccess: onProved,
  });
  const given = way === 'code' ? code.trim() : password;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // The dialog may stand inside another form on the screen.
    event.stopPropagation();
    if (given !== '') confirm.mutate(given);
  };
  const switchWay = () => {
    setWay(way === 'code' ? 'password' : 'code');
    confirm.reset();
  };
  return (
    <Dialog title={t('proof.title')} onClose={onDeclined}>
      <form onSubmit={submit}>
        <Stack>
          <p>{way === 'code' ? t('proof.text_code') : t('proof.text_password')}</p>
          {confirm.error && <ProblemNotice error={confirm.error} />}
          {way === 'code' ? (
            <CodeField
              kind="app"
              value={code}
              hasFocus
              onChange={setCode}
              onFull={(full) => confirm.mutate(full)}
            />
          ) : (
            <PasswordField
              size="md"
              label={t('person.password')}
              value={password}
              autoComplete="current-password"
              data-autofocus
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          )}
          {me.has_totp && (
            <div>
              <Button variant="subtle" size="compact-sm" onClick={switchWay}>
                {way === 'code' ? t('proof.use_password') : t('proof.use_code')}
              </Button>
            </div>
          )}
          <DialogActions
            label={t('proof.action')}
            isBusy={confirm.isPending}
            isDisabled={given === ''}
            onCancel={onDeclined}
          />
        </Stack>
      </form>
    </Dialog>
  );
}
