import type { ReactNode } from 'react';
import styles from './SignalBars.module.css';

export interface SignalBarsProps {
  /** How many of the three bars are lit. */
  lit: 0 | 1 | 2 | 3;
}

/** How good a connection is, as bars. Decorative: words stand beside it. */
export function SignalBars({ lit }: SignalBarsProps): ReactNode {
  return (
    <svg viewBox="0 0 16 16" className={styles.bars} aria-hidden="true">
      <rect x="1.5" y="10" width="3.4" height="4.5" rx="1" data-lit={lit > 0} />
      <rect x="6.3" y="6" width="3.4" height="8.5" rx="1" data-lit={lit > 1} />
      <rect x="11.1" y="2" width="3.4" height="12.5" rx="1" data-lit={lit > 2} />
      {lit === 0 && <path d="M2 2l12 12" />}
    </svg>
  );
}
