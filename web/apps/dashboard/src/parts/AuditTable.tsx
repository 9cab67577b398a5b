import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEvent } from '../api/audit';
import type { KeysetList } from '../api/useKeysetQuery';
import { IconHistory } from '../icons';
import styles from './AuditTable.module.css';
import { actText } from './actText';
import { changedFields } from './changedFields';
import { type Column, DataTable } from './DataTable';
import { EmptyState } from './EmptyState';
import { RelativeTime } from './RelativeTime';
import { TwoLines } from './TwoLines';

export interface AuditTableProps {
  list: KeysetList<AuditEvent>;
  /** Whether only some acts are shown, so that an empty list says so. */
  isFiltered?: boolean;
}

/** Who did what, to what, from where; what changed opens below the act. */
export function AuditTable({ list, isFiltered = false }: AuditTableProps): ReactNode {
  const { t } = useTranslation('audit');
  const columns: readonly Column<AuditEvent>[] = [
    { key: 'action', header: t('col_action'), cell: (event) => <Act event={event} /> },
    {
      key: 'who',
      header: t('col_who'),
      cell: (event) => <TwoLines first={event.actor_name} second={<ActorKind event={event} />} />,
    },
    {
      key: 'from',
      header: t('col_from'),
      priority: 3,
      cell: (event) => <code className="mono">{event.address ?? '–'}</code>,
    },
    { key: 'at', header: t('col_at'), cell: (event) => <RelativeTime at={event.at} /> },
  ];
  return (
    <DataTable
      label={t('label')}
      columns={columns}
      list={list}
      rowKey={(event) => event.id}
      empty={
        <EmptyState icon={<IconHistory />} title={isFiltered ? t('none_title') : t('empty_title')}>
          {isFiltered ? t('none_text') : t('empty_text')}
        </EmptyState>
      }
    />
  );
}

const ACTOR_KINDS = ['user', 'operator', 'api_key', 'system'] as const;

function ActorKind({ event }: { event: AuditEvent }): ReactNode {
  const { t } = useTranslation('audit');
  const kind = ACTOR_KINDS.find((candidate) => candidate === event.actor_kind);
  return kind ? t(`kind_${kind}`) : event.actor_kind;
}

function Act({ event }: { event: AuditEvent }): ReactNode {
  const { t, i18n } = useTranslation(['audit', 'common']);
  const fields = changedFields(event.before, event.after);
  return (
    <details className={styles.details}>
      <summary className={styles.summary}>
        <TwoLines
          first={actText(i18n, event.action)}
          second={`${event.target_kind} ${event.target_id}`}
        />
      </summary>
      <dl className={styles.change}>
        {fields.map(({ name, before, after }) => (
          <div key={name} className={styles.field}>
            <dt>{name}</dt>
            <dd>
              {before !== null && <del>{before}</del>}
              {before !== null && after !== null && ' → '}
              {after !== null && <ins>{after}</ins>}
            </dd>
          </div>
        ))}
        <div className={styles.field}>
          <dt>{t('code')}</dt>
          <dd>{event.action}</dd>
        </div>
        {event.request_id && (
          <div className={styles.field}>
            <dt>{t('common:problem_request')}</dt>
            <dd>{event.request_id}</dd>
          </div>
        )}
      </dl>
    </details>
  );
}
