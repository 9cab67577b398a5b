import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SentInvitation } from '../api/tenant';
import { CopyField } from '../parts/CopyField';
import { Dialog } from '../parts/Dialog';
import { Stack } from '../parts/Stack';

export interface InvitationSentProps {
  sent: SentInvitation;
  onClose: () => void;
}

/** Somebody is invited: by a mail, or by a link to hand over where the server sends none. */
export function InvitationSent({ sent, onClose }: InvitationSentProps): ReactNode {
  const { t } = useTranslation('client');
  const { email } = sent.invitation;
  return (
    <Dialog
      title={t('invite.sent_title', { email })}
      isSticky={sent.link !== null}
      onClose={onClose}
    >
      <Stack>
        <p>{sent.link === null ? t('invite.sent_by_mail') : t('invite.sent_by_hand')}</p>
        {sent.link !== null && <CopyField label={t('invite.link')} value={sent.link} />}
        <Button onClick={onClose}>{t('key_new.done')}</Button>
      </Stack>
    </Dialog>
  );
}
