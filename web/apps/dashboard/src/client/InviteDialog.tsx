import { RadioCards } from '@jumpa/ui';
import { TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { invite, type Role } from '../api/tenant';
import { Dialog, DialogActions } from '../parts/Dialog';
import { ProblemNotice } from '../parts/ProblemNotice';
import { Stack } from '../parts/Stack';
import { looksLikeEmail } from '../people/personRules';
import { InvitationSent } from './InvitationSent';

export interface InviteDialogProps {
  tenant: string;
  /** What may be given: only owners make owners. */
  roles: readonly Role[];
  onInvited: () => void;
  onClose: () => void;
}

/** Asks somebody to join, then says how the invitation reaches them. */
export function InviteDialog({ tenant, roles, onInvited, onClose }: InviteDialogProps): ReactNode {
  const { t } = useTranslation('client');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('developer');
  const [isWrong, setWrong] = useState(false);
  const send = useMutation({
    mutationFn: () => invite(tenant, { email: email.trim(), role }),
    onSuccess: onInvited,
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWrong(!looksLikeEmail(email));
    if (looksLikeEmail(email)) send.mutate();
  };
  if (send.data) return <InvitationSent sent={send.data} onClose={onClose} />;
  return (
    <Dialog title={t('invite.title')} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {send.error && <ProblemNotice error={send.error} />}
          <TextInput
            label={t('invite.email')}
            type="email"
            autoComplete="off"
            data-autofocus
            value={email}
            error={isWrong && t('invite.email_invalid')}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <RadioCards
            label={t('invite.role')}
            value={role}
            options={roles.map((value) => ({
              value,
              label: t(`role.${value}`),
              help: t(`role_help.${value}`),
            }))}
            onChoose={setRole}
          />
          <DialogActions label={t('invite.action')} isBusy={send.isPending} onCancel={onClose} />
        </Stack>
      </form>
    </Dialog>
  );
}
