import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './RelativeTime.module.css';

export interface MomentProps {
  /** RFC 3339, UTC. */
  at: string;
  /** IANA name of the clock it is told by. */
  zone: string | undefined;
  /** `time` alone within one call; default: date and time. */
  show?: 'date_time' | 'time';
}

/** When it was, by one clock for everybody; the zone on hover. */
export function Moment({ at, zone, show = 'date_time' }: MomentProps): ReactNode {
  const { i18n } = useTranslation();
  const date = new Date(at);
  const isThisYear = date.getFullYear() === new Date().getFullYear();
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(i18n.language, { ...options, ...(zone && { timeZone: zone }) });
  const short = format(
    show === 'time'
      ? { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }
      : {
          day: 'numeric',
          month: 'short',
          ...(!isThisYear && { year: 'numeric' }),
          hour: '2-digit',
          minute: '2-digit',
          hourCycle: 'h23',
        },
  );
  const exact = format({ dateStyle: 'full', timeStyle: 'long' });
  return (
    <time className={styles.time} dateTime={at} title={exact.format(date)}>
      {short.format(date)}
    </time>
  );
}
