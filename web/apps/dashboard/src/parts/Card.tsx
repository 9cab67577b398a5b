import { type ReactNode, useId } from 'react';
import styles from './Card.module.css';

export interface CardProps {
  title?: string;
  lead?: ReactNode;
  /** Buttons at the right of the title. */
  action?: ReactNode;
  /** A line below the content, for the button of a form. */
  foot?: ReactNode;
  tone?: 'normal' | 'danger';
  /** Settings: on wide screens the title stands beside what it is about. Default: above it. */
  layout?: 'above' | 'beside';
  children?: ReactNode;
}

/** A part of a page with its own title. */
export function Card({
  title,
  lead,
  action,
  foot,
  tone = 'normal',
  layout = 'above',
  children,
}: CardProps): ReactNode {
  const id = useId();
  return (
    <section
      className={styles.card}
      data-tone={tone}
      data-layout={layout}
      {...(title && { 'aria-labelledby': id })}
    >
      {title && (
        <header className={styles.head}>
          <div className={styles.words}>
            <h2 className={styles.title} id={id}>
              {title}
            </h2>
            {lead && <p className={styles.lead}>{lead}</p>}
          </div>
          {action}
        </header>
      )}
      {children && <div className={styles.body}>{children}</div>}
      {foot && <footer className={styles.foot}>{foot}</footer>}
    </section>
  );
}
