import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './KpiCard.module.css';
import { sparkline } from './sparkline';

const SPARK_WIDTH = 120;
const SPARK_HEIGHT = 32;

export interface KpiCardProps {
  label: string;
  /** Already in the language of the page; `null` while it is being counted. */
  value: string | null;
  unit?: string;
  /** Against the period before, 0.12 for 12 % more; `null` when there was none. */
  delta?: number | null;
  /** What the change of a share is: 0.12 for 12 points more. Default: a share of what it was. */
  deltaOf?: 'value' | 'points';
  /** Whether more is better; colours the change. Default: neither. */
  better?: 'more' | 'less';
  /** What the change is measured against: "the 30 days before". */
  against?: string;
  /** The course of the period, the oldest first. */
  course?: readonly number[];
}

/** One number that matters, an item of a list: its unit, its change, its course. */
export function KpiCard({
  label,
  value,
  unit,
  delta,
  deltaOf = 'value',
  better,
  against,
  course = [],
}: KpiCardProps): ReactNode {
  const { t, i18n } = useTranslation();
  const change = (by: number) => {
    const options = { signDisplay: 'exceptZero', maximumFractionDigits: 1 } as const;
    return deltaOf === 'points'
      ? t('points', { points: new Intl.NumberFormat(i18n.language, options).format(by * 100) })
      : new Intl.NumberFormat(i18n.language, { ...options, style: 'percent' }).format(by);
  };
  return (
    <li className={styles.card}>
      <p className={styles.label}>{label}</p>
      {value === null ? (
        <span className={styles.bone} />
      ) : (
        <p className={styles.value}>
          {value}
          {unit && <span className={styles.unit}> {unit}</span>}
        </p>
      )}
      <div className={styles.foot}>
        {delta !== undefined && delta !== null && (
          <span className={styles.delta} data-tone={tone(delta, better)}>
            {change(delta)}
            {against && <span className={styles.against}> {against}</span>}
          </span>
        )}
        {course.length > 1 && (
          <svg
            className={styles.spark}
            viewBox={`0 0 ${SPARK_WIDTH} ${SPARK_HEIGHT}`}
            preserveAspectRatio="none"
            aria-hidden="true"
          >
            <path d={sparkline(course, SPARK_WIDTH, SPARK_HEIGHT)} />
          </svg>
        )}
      </div>
    </li>
  );
}

function tone(delta: number, better: 'more' | 'less' | undefined): 'good' | 'bad' | 'even' {
  if (!better || delta === 0) return 'even';
  return delta > 0 === (better === 'more') ? 'good' : 'bad';
}
