import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listMails, MAIL_STATES, type Mail, retryMail } from '../api/operator';
import { useKeysetQuery } from '../api/useKeysetQuery';
import { useFilters } from '../client/useFilters';
import { IconMail } from '../icons';
import { CopyButton } from '../parts/CopyButton';
import { type Column, DataTable } from '../parts/DataTable';
import { Dialog } from '../parts/Dialog';
import { EmptyState } from '../parts/EmptyState';
import { FilterSelect } from '../parts/FilterSelect';
import { Page } from '../parts/Page';
import { ProblemNotice } from '../parts/ProblemNotice';
import { RelativeTime } from '../parts/RelativeTime';
import { Stack } from '../parts/Stack';
import { StatusDot } from '../parts/StatusDot';
import { TwoLines } from '../parts/TwoLines';
import styles from './MailsPage.module.css';

const TONES = { pending: 'info', sent: 'good', failed: 'danger' } as const;

/** What the server mailed, is about to mail, or could not mail. */
export function MailsPage(): ReactNode {
  const { t } = useTranslation('operator');
  const queries = useQueryClient();
  const { filters, setFilters } = useFilters();
  const [shown, setShown] = useState<Mail | null>(null);
  const status = MAIL_STATES.find((state) => state === filters.status);
  const list = useKeysetQuery(['operator', 'mails', status ?? ''], (cursor, signal) =>
    listMails({ status }, { cursor, signal }),
  );
  const retry = useMutation({
    mutationFn: (mail: Mail) => retryMail(mail.id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['operator', 'mails'] }),
  });
  const columns: readonly Column<Mail>[] = [
    {
      key: 'subject',
      header: t('mails.col_subject'),
      cell: (mail) => <TwoLines first={mail.subject} second={mail.recipient} />,
    },
    { key: 'state', header: t('mails.col_state'), cell: (mail) => <MailState mail={mail} /> },
    {
      key: 'created',
      header: t('mails.col_created'),
      priority: 2,
      cell: (mail) => <RelativeTime at={mail.created_at} />,
    },
    {
      key: 'actions',
      header: t('mails.col_actions'),
      isHeaderHidden: true,
      align: 'end',
      cell: (mail) => (
        <span className="row-actions">
          {mail.status === 'failed' && (
            <button
              type="button"
              className="row-action"
              aria-label={t('mails.retry_of', mail)}
              onClick={() => retry.mutate(mail)}
            >
              {t('mails.retry')}
            </button>
          )}
          {mail.body !== null && (
            <button
              type="button"
              className="row-action"
              aria-label={t('mails.read_of', mail)}
              onClick={() => setShown(mail)}
            >
              {t('mails.read')}
            </button>
          )}
        </span>
      ),
    },
  ];
  return (
    <Page
      title={t('mails.heading')}
      lead={t('mails.lead')}
      filters={
        <FilterSelect
          label={t('mails.col_state')}
          value={status}
          options={[
            { value: '', label: t('mails.all') },
            ...MAIL_STATES.map((value) => ({ value, label: t(`mails.state.${value}`) })),
          ]}
          onChoose={(value) => setFilters({ status: value })}
        />
      }
    >
      {retry.error && <ProblemNotice error={retry.error} />}
      <DataTable
        label={t('mails.heading')}
        columns={columns}
        list={list}
        rowKey={(mail) => mail.id}
        empty={
          <EmptyState icon={<IconMail />} title={t('mails.empty_title')}>
            {t('mails.empty_text')}
          </EmptyState>
        }
      />
      {shown && (
        <Dialog title={shown.subject} size="wide" onClose={() => setShown(null)}>
          <Stack>
            <p className={styles.to}>{t('mails.to', { recipient: shown.recipient })}</p>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keyboard */}
            <pre className={styles.body} tabIndex={0}>
              {shown.body}
            </pre>
            <div>
              <CopyButton value={shown.body ?? ''} what={t('mails.text')} />
            </div>
          </Stack>
        </Dialog>
      )}
    </Page>
  );
}

function MailState({ mail }: { mail: Mail }): ReactNode {
  const { t } = useTranslation('operator');
  const state = MAIL_STATES.find((candidate) => candidate === mail.status);
  if (!state) return mail.status;
  const dot = <StatusDot tone={TONES[state]}>{t(`mails.state.${state}`)}</StatusDot>;
  return mail.last_error ? <TwoLines first={dot} second={mail.last_error} /> : dot;
}
