import type { ReactNode } from 'react';
import styles from './Meter.module.css';

export interface MeterProps {
  label: string;
  /** The use in words: "2.1 GB of 10 GB". */
  told: string;
  /** Stands behind the words: how many there are, for one. */
  more?: string;
  /** 0 to 1; `null` where nothing bounds it, and only the words are shown. */
  share: number | null;
  alert?: 'none' | 'warning' | 'reached';
}

/** How much is used of what may be used. */
export function Meter({ label, told, more, share, alert = 'none' }: MeterProps): ReactNode {
  return (
    <div className={styles.row}>
      <span className={styles.name}>{label}</span>
      <span className={styles.use}>{more === undefined ? told : `${told} · ${more}`}</span>
      {share !== null && (
        <meter
          className={styles.meter}
          data-alert={alert}
          aria-label={label}
          aria-valuetext={told}
          min={0}
          max={1}
          value={Math.min(share, 1)}
        />
      )}
    </div>
  );
}
