import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEvent } from '../api/audit';
import type { KeysetList } from '../api/useKeysetQuery';
import { IconHistory } from '../icons';
import styles from './AuditTable.module.css';
import { type Column, DataTable } from './DataTable';
import { EmptyState } from './EmptyState';
import { RelativeTime } from './RelativeTime';
import { TwoLines } from './TwoLines';

export interface AuditTableProps {
  list: KeysetList<AuditEvent>;
}

/** Who did what, to what, from where; what changed opens below the act. */
export function AuditTable({ list }: AuditTableProps): ReactNode {
  const { t } = useTranslation();
  const columns: readonly Column<AuditEvent>[] = [
    { key: 'action', header: t('audit.col_action'), cell: (event) => <Act event={event} /> },
    {
      key: 'who',
      header: t('audit.col_who'),
      cell: (event) => (
        <TwoLines first={event.actor_name} second={t(`audit.kind_${event.actor_kind}`)} />
      ),
    },
    {
      key: 'from',
      header: t('audit.col_from'),
      priority: 3,
      cell: (event) => <code className="mono">{event.address ?? '–'}</code>,
    },
    { key: 'at', header: t('audit.col_at'), cell: (event) => <RelativeTime at={event.at} /> },
  ];
  return (
    <DataTable
      label={t('audit.label')}
      columns={columns}
      list={list}
      rowKey={(event) => event.id}
      empty={
        <EmptyState icon={<IconHistory />} title={t('audit.empty_title')}>
          {t('audit.empty_text')}
        </EmptyState>
      }
    />
  );
}

function Act({ event }: { event: AuditEvent }): ReactNode {
  const { t } = useTranslation();
  const hasChange = event.before !== null || event.after !== null;
  const words = (
    <TwoLines
      first={<code className="mono">{event.action}</code>}
      second={`${event.target_kind} ${event.target_id}`}
    />
  );
  if (!hasChange) return words;
  return (
    <details className={styles.details}>
      <summary className={styles.summary}>{words}</summary>
      <dl className={styles.change}>
        <dt>{t('audit.before')}</dt>
        <dd>{JSON.stringify(event.before, null, 1) ?? '–'}</dd>
        <dt>{t('audit.after')}</dt>
        <dd>{JSON.stringify(event.after, null, 1) ?? '–'}</dd>
        {event.request_id && (
          <>
            <dt>{t('problem_request')}</dt>
            <dd>{event.request_id}</dd>
          </>
        )}
      </dl>
    </details>
  );
}
