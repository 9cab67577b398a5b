import type { ReactNode } from 'react';
import styles from './StatusDot.module.css';

export interface StatusDotProps {
  tone: 'good' | 'attention' | 'danger' | 'neutral' | 'info';
  children: ReactNode;
}

/** A state: a dot and its word. */
export function StatusDot({ tone, children }: StatusDotProps): ReactNode {
  return (
    <span className={styles.status} data-tone={tone}>
      <span className={styles.dot} aria-hidden="true" />
      {children}
    </span>
  );
}
