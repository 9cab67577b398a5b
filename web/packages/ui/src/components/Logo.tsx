import type { ReactNode } from 'react';
import styles from './Logo.module.css';

export interface LogoProps {
  /** Shows the sign without the word. */
  signOnly?: boolean;
}

/** Two rounds that meet, and the word. */
export function Logo({ signOnly = false }: LogoProps): ReactNode {
  return (
    <span className={styles.logo}>
      <svg viewBox="0 0 36 24" className={styles.sign} aria-hidden="true">
        <circle cx="12" cy="12" r="11" className={styles.one} />
        <circle cx="24" cy="12" r="11" className={styles.other} />
        <path d="M18 2.78a11 11 0 0 1 0 18.44a11 11 0 0 1 0 -18.44z" className={styles.meeting} />
      </svg>
      <span className={signOnly ? styles.hidden : styles.word}>Jumpa</span>
    </span>
  );
}
