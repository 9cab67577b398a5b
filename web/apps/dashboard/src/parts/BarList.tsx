import type { ReactNode } from 'react';
import styles from './BarList.module.css';

export interface BarListRow {
  readonly key: string;
  readonly name: ReactNode;
  /** Tells rows of one name apart. */
  readonly detail?: string;
  readonly value: number;
  /** Told beside the value: a second number. */
  readonly note?: string;
}

export interface BarListProps {
  /** What the rows are, for screen readers. */
  label: string;
  nameHeader: string;
  valueHeader: string;
  noteHeader?: string;
  rows: readonly BarListRow[];
  format: (value: number) => string;
}

/** The most of something: a table whose rows are bars. */
export function BarList({
  label,
  nameHeader,
  valueHeader,
  noteHeader,
  rows,
  format,
}: BarListProps): ReactNode {
  const most = Math.max(...rows.map(({ value }) => value), 1);
  return (
    <table className={styles.table} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{nameHeader}</th>
          {noteHeader && <th scope="col">{noteHeader}</th>}
          <th scope="col">{valueHeader}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, name, detail, value, note }) => (
          <tr key={key}>
            <th scope="row">
              <span
                className={styles.bar}
                style={{ inlineSize: `${(value / most) * 100}%` }}
                aria-hidden="true"
              />
              <span className={styles.name}>
                {name}
                {detail && <span className={styles.detail}> {detail}</span>}
              </span>
            </th>
            {noteHeader && <td className={styles.note}>{note}</td>}
            <td>{format(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
