import type { ReactNode } from 'react';
import styles from './Facts.module.css';

export interface FactsProps {
  facts: readonly { readonly name: string; readonly value: ReactNode }[];
}

/** What a thing is, in a row of names and values that wraps. */
export function Facts({ facts }: FactsProps): ReactNode {
  return (
    <dl className={styles.facts}>
      {facts.map(({ name, value }) => (
        <div key={name}>
          <dt className={styles.name}>{name}</dt>
          <dd className={styles.value}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
