import { ApiProblem } from '@jumpa/api-client';
import { Button } from '@mantine/core';
import type { KeyboardEvent, MouseEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { KeysetList } from '../api/useKeysetQuery';
import styles from './DataTable.module.css';
import { NoPermission } from './NoPermission';
import { ProblemNotice } from './ProblemNotice';
import { TableScroller } from './TableScroller';

/** Rows of the skeleton: about what fits above the fold, so that the page does not jump much. */
const SKELETON_ROWS = 6;

export interface Column<Row> {
  readonly key: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers stand at the end. */
  readonly align?: 'end';
  /** 1: always shown; 2: from 640 px of table width; 3: from 900 px. Default 1. */
  readonly priority?: 1 | 2 | 3;
  /** What stands there while rows are loaded; default: a bar. */
  readonly skeleton?: ReactNode;
  /** The header is for screen readers: a column of buttons. */
  readonly isHeaderHidden?: boolean;
}

export interface DataTableProps<Row> {
  /** What the rows are, for screen readers. */
  label: string;
  /** The first names the row. */
  columns: readonly Column<Row>[];
  list: KeysetList<Row>;
  rowKey: (row: Row) => string;
  /** Shown when there is no row at all. */
  empty: ReactNode;
}

/**
 * A list: a head that stays in sight on wide screens, 40 px rows, more on demand, and each of its states.
 *
 * A link in the first cell with `data-row-link` opens the row; the arrow keys move between them.
 */
export function DataTable<Row>({
  label,
  columns,
  list,
  rowKey,
  empty,
}: DataTableProps<Row>): ReactNode {
  const { t } = useTranslation();
  if (list.error && list.rows.length === 0) {
    return isForbidden(list.error) ? (
      <NoPermission />
    ) : (
      <ProblemNotice error={list.error} title={t('table.failed', { label })} onRetry={list.retry} />
    );
  }
  if (!list.isLoading && list.rows.length === 0) return <div className={styles.frame}>{empty}</div>;
  return (
    <div className={styles.frame}>
      <TableScroller label={label} className={styles.scroller}>
        <table className={styles.table} aria-label={label} aria-busy={list.isLoading}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th
                  key={column.key}
                  scope="col"
                  data-align={column.align}
                  data-priority={column.priority}
                >
                  <span className={column.isHeaderHidden ? styles.hidden : undefined}>
                    {column.header}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          {list.isLoading ? (
            <SkeletonRows columns={columns} />
          ) : (
            <tbody onKeyDown={moveBetweenRows}>
              {list.rows.map((row) => (
                <tr key={rowKey(row)} onClick={openRow}>
                  {columns.map((column, index) => (
                    <Cell key={column.key} isName={index === 0} column={column}>
                      {column.cell(row)}
                    </Cell>
                  ))}
                </tr>
              ))}
            </tbody>
          )}
        </table>
      </TableScroller>
      {list.isLoading && (
        <p role="status" className={styles.hidden}>
          {t('table.loading', { label })}
        </p>
      )}
      {list.error && (
        <div className={styles.foot}>
          <ProblemNotice error={list.error} onRetry={list.loadMore} />
        </div>
      )}
      {list.hasMore && !list.error && (
        <div className={styles.foot}>
          <Button variant="default" size="xs" loading={list.isLoadingMore} onClick={list.loadMore}>
            {t('table.more')}
          </Button>
        </div>
      )}
    </div>
  );
}

function Cell<Row>({
  isName,
  column,
  children,
}: {
  isName: boolean;
  column: Column<Row>;
  children: ReactNode;
}): ReactNode {
  const attributes = { 'data-align': column.align, 'data-priority': column.priority };
  return isName ? (
    <th scope="row" {...attributes}>
      {children}
    </th>
  ) : (
    <td {...attributes}>{children}</td>
  );
}

function SkeletonRows<Row>({ columns }: { columns: readonly Column<Row>[] }): ReactNode {
  return (
    <tbody aria-hidden="true">
      {Array.from({ length: SKELETON_ROWS }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <tr key={row}>
          {columns.map((column) => (
            <td key={column.key} data-align={column.align} data-priority={column.priority}>
              {column.skeleton ?? <span className={styles.bone} />}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

function isForbidden(error: Error): boolean {
  return error instanceof ApiProblem && error.code === 'forbidden';
}

/** A click anywhere in a row opens it, unless it hits something that does more. */
function openRow(event: MouseEvent<HTMLTableRowElement>): void {
  const target = event.target as Element;
  if (target.closest('a, button, input, label, [role="menu"]')) return;
  if (window.getSelection()?.toString()) return;
  event.currentTarget.querySelector<HTMLElement>('[data-row-link]')?.click();
}

function moveBetweenRows(event: KeyboardEvent<HTMLTableSectionElement>): void {
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row-link]')];
  const at = links.indexOf(event.target as HTMLElement);
  if (at < 0) return;
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  links[Math.min(Math.max(next, 0), links.length - 1)]?.focus();
}
