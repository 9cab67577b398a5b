import type { ReactNode } from 'react';
import styles from './TwoLines.module.css';

export interface TwoLinesProps {
  first: ReactNode;
  second: ReactNode;
}

/** A name and, below it, what tells it from others. */
export function TwoLines({ first, second }: TwoLinesProps): ReactNode {
  return (
    <span className={styles.lines}>
      <span>{first}</span>
      <span className={styles.second}>{second}</span>
    </span>
  );
}
