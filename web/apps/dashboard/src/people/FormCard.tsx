import type { FormEvent, ReactNode } from 'react';
import { usePageTitle } from '../parts/usePageTitle';
import styles from './FormCard.module.css';

export interface FormCardProps {
  title: string;
  lead?: ReactNode;
  /** Absent when there is nothing to fill in. */
  onSubmit?: () => void;
  /** Below the card: the other way. */
  foot?: ReactNode;
  children: ReactNode;
}

/** The card of every page before the sign-in. */
export function FormCard({ title, lead, onSubmit, foot, children }: FormCardProps): ReactNode {
  usePageTitle(title);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit?.();
  };
  const content = (
    <>
      <div>
        <h1 className={styles.heading}>{title}</h1>
        {lead && <p className={styles.lead}>{lead}</p>}
      </div>
      {children}
    </>
  );
  return (
    <>
      {onSubmit ? (
        <form className={styles.card} onSubmit={submit} noValidate>
          {content}
        </form>
      ) : (
        <div className={styles.card}>{content}</div>
      )}
      {foot && <p className={styles.foot}>{foot}</p>}
    </>
  );
}
