import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './TimeZoneNote.module.css';

export interface TimeZoneNoteProps {
  /** IANA name. */
  zone: string;
}

/** Which clock the days of a screen follow, and what it shows now. */
export function TimeZoneNote({ zone }: TimeZoneNoteProps): ReactNode {
  const { t, i18n } = useTranslation();
  const time = new Intl.DateTimeFormat(i18n.language, {
    timeZone: zone,
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
  return <p className={styles.note}>{t('time_zone', { zone, now: time.format(new Date()) })}</p>;
}
