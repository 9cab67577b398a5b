import type { ReactNode } from 'react';
import styles from './Fields.module.css';

/** The fields of a form in a wide card: as wide as what is typed into them. */
export function Fields({ children }: { children: ReactNode }): ReactNode {
  return <div className={styles.fields}>{children}</div>;
}
