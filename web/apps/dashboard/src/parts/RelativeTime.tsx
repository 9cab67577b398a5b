import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './RelativeTime.module.css';
import { relativeTime } from './timeWords';

export interface RelativeTimeProps {
  /** RFC 3339, UTC. */
  at: string;
}

/** When it was: relative up to a day, then the date; the exact time with its zone on hover. */
export function RelativeTime({ at }: RelativeTimeProps): ReactNode {
  const { i18n } = useTranslation();
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return null;
  const exact = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'full', timeStyle: 'long' });
  return (
    <time className={styles.time} dateTime={at} title={exact.format(date)}>
      {relativeTime(date, new Date(), i18n.language)}
    </time>
  );
}
