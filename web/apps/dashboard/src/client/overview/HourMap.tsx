import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { TableToggle } from '../../parts/chart/ChartCard';
import { TableScroller } from '../../parts/TableScroller';
import { useNumberWords } from '../../parts/useNumberWords';
import styles from './HourMap.module.css';

/** A Monday: weekdays are named by the days after it. */
const MONDAY = Date.UTC(2026, 0, 5);
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Every third hour is named, so that the names have room on a phone. */
const NAMED_HOURS = 3;

export interface HourMapProps {
  /** Calls by weekday, Monday first, and hour. */
  hours: readonly (readonly number[])[];
}

/** When people call: the hours of a week, the darker the more calls began in them. */
export function HourMap({ hours }: HourMapProps): ReactNode {
  const { t, i18n } = useTranslation('numbers');
  const words = useNumberWords();
  const names = useMemo(() => {
    const weekday = (style: 'short' | 'long') =>
      new Intl.DateTimeFormat(i18n.language, { weekday: style, timeZone: 'UTC' });
    const hour = new Intl.DateTimeFormat(i18n.language, {
      hour: '2-digit',
      hourCycle: 'h23',
      timeZone: 'UTC',
    });
    const days = Array.from({ length: 7 }, (_, day) => new Date(MONDAY + day * DAY_MS));
    return {
      short: days.map((day) => weekday('short').format(day)),
      long: days.map((day) => weekday('long').format(day)),
      hours: Array.from({ length: 24 }, (_, index) => hour.format(MONDAY + index * HOUR_MS)),
    };
  }, [i18n.language]);
  const most = Math.max(...hours.flat(), 1);

  const grid = (isTable: boolean) => (
    <TableScroller label={t('overview.hours')} className={styles.scroller}>
      <table className={styles.map} aria-label={t('overview.hours')} data-numbers={isTable}>
        <thead>
          <tr>
            <th scope="col">
              <span className={styles.hidden}>{t('overview.weekday')}</span>
            </th>
            {names.hours.map((name, hour) => (
              <th key={name} scope="col">
                <span className={isTable || hour % NAMED_HOURS === 0 ? undefined : styles.hidden}>
                  {name}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {hours.map((row, day) => (
            <tr key={names.long[day]}>
              <th scope="row" abbr={names.long[day]}>
                {names.short[day]}
              </th>
              {row.map((calls, hour) => (
                <td
                  key={names.hours[hour]}
                  title={t('overview.hour_title', {
                    day: names.long[day],
                    hour: names.hours[hour],
                    count: calls,
                  })}
                >
                  <span
                    className={styles.cell}
                    style={{ '--share': calls === 0 ? 0 : 0.12 + 0.88 * (calls / most) } as object}
                  >
                    <span className={isTable ? undefined : styles.hidden}>
                      {words.count(calls)}
                    </span>
                  </span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroller>
  );
  return (
    <TableToggle title={t('overview.hours')} lead={t('overview.hours_lead')} table={grid(true)}>
      {grid(false)}
      <p className={styles.scale} aria-hidden="true">
        {words.count(0)}
        <span className={styles.ramp} />
        {words.count(most)}
      </p>
    </TableToggle>
  );
}
