import type { ReactNode } from 'react';
import styles from './MessagePage.module.css';
import { PageFrame } from './PageFrame';

export interface MessagePageProps {
  icon: ReactNode;
  tone?: 'normal' | 'danger' | 'attention';
  title: string;
  text: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}

/** A page that says one thing and what to do next. */
export function MessagePage({
  icon,
  tone = 'normal',
  title,
  text,
  actions,
  children,
}: MessagePageProps): ReactNode {
  return (
    <PageFrame>
      <div className={styles.message}>
        <span className={styles.icon} data-tone={tone} aria-hidden="true">
          {icon}
        </span>
        <h1 className={styles.title}>{title}</h1>
        <p className={styles.text}>{text}</p>
        {actions && <div className={styles.actions}>{actions}</div>}
        {children}
      </div>
    </PageFrame>
  );
}
