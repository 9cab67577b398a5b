import type { ReactNode } from 'react';
import styles from './Stack.module.css';

export interface StackProps {
  /** Space between the parts; default: that between the fields of a form. */
  gap?: 'small' | 'normal' | 'large';
  children: ReactNode;
}

/** Parts one below the other. */
export function Stack({ gap = 'normal', children }: StackProps): ReactNode {
  return (
    <div className={styles.stack} data-gap={gap}>
      {children}
    </div>
  );
}
