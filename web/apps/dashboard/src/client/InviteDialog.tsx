import { TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { invite, ROLES, type Role } from '../api/tenant';
import { CopyField } from '../parts/CopyField';
import { Dialog, DialogActions } from '../parts/Dialog';
import { ProblemNotice } from '../parts/ProblemNotice';
import { RadioCards } from '../parts/RadioCards';
import { Stack } from '../parts/Stack';
import { looksLikeEmail } from '../people/personRules';

export interface InviteDialogProps {
  tenant: string;
  onInvited: () => void;
  onClose: () => void;
}

/** Asks somebody to join, then shows the link for when the mail does not arrive. */
export function InviteDialog({ tenant, onInvited, onClose }: InviteDialogProps): ReactNode {
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
  if (send.data) {
    return (
      <Dialog title={t('invite.sent_title', { email: email.trim() })} isSticky onClose={onClose}>
        <Stack>
          <p>{t('invite.sent_text')}</p>
          <CopyField label={t('invite.link')} value={send.data.link} />
        </Stack>
      </Dialog>
    );
  }
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
            options={ROLES.map((value) => ({
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
