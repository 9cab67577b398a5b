import { Notice } from '@jumpa/ui';
import { Button, TextInput } from '@mantine/core';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { meQuery } from '../../api/me';
import { type StartSetting, sendTestMail, type TestMailOutcome } from '../../api/platformSettings';
import { IconAlertTriangle, IconCheck } from '../../icons';
import { Card } from '../../parts/Card';
import { Fields } from '../../parts/Fields';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { looksLikeEmail } from '../../people/personRules';

/** Whether mails go out, tried with a real one. */
export function MailCard({ server }: { server: readonly StartSetting[] }): ReactNode {
  const { t } = useTranslation('platform');
  const { data: me } = useSuspenseQuery(meQuery);
  const [recipient, setRecipient] = useState(me.email);
  const send = useMutation({ mutationFn: () => sendTestMail(recipient.trim()) });
  const startedWith = (name: string) => server.find((one) => one.name === name)?.value ?? null;
  const mailServer = startedWith('mail_server');
  if (mailServer === null) {
    return (
      <Card title={t('settings.mail')} layout="beside">
        <Notice tone="attention" icon={<IconAlertTriangle />} title={t('settings.mail_none')}>
          {t('settings.mail_none_next')}
        </Notice>
      </Card>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (looksLikeEmail(recipient)) send.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Card
        title={t('settings.mail')}
        layout="beside"
        lead={t('settings.mail_lead', { server: mailServer, sender: startedWith('mail_sender') })}
        foot={
          <>
            <span />
            <Button type="submit" variant="default" loading={send.isPending}>
              {t('settings.mail_send')}
            </Button>
          </>
        }
      >
        <Fields>
          {send.error && <ProblemNotice error={send.error} />}
          {send.data && <Outcome outcome={send.data} />}
          <TextInput
            type="email"
            label={t('settings.mail_recipient')}
            value={recipient}
            maxLength={254}
            error={!looksLikeEmail(recipient) && t('settings.email_wrong')}
            onChange={(event) => setRecipient(event.currentTarget.value)}
          />
        </Fields>
      </Card>
    </form>
  );
}

function Outcome({ outcome }: { outcome: TestMailOutcome }): ReactNode {
  const { t } = useTranslation('platform');
  const { recipient, is_sent, problem } = outcome;
  return is_sent ? (
    <Notice tone="info" icon={<IconCheck />} title={t('settings.mail_sent', { recipient })}>
      {t('settings.mail_sent_next')}
    </Notice>
  ) : (
    <Notice tone="danger" icon={<IconAlertTriangle />} title={t('settings.mail_refused')}>
      <p lang="en">{problem}</p>
      <p>{t('settings.mail_refused_next')}</p>
    </Notice>
  );
}
