import type { ReactNode } from 'react';
import styles from './Notice.module.css';

export interface NoticeProps {
  /** `danger`: it failed; `attention`: look here; `info`: good to know; `good`: it worked. */
  tone: 'danger' | 'attention' | 'info' | 'good';
  /** What happened, one short sentence. */
  title: ReactNode;
  /** What to do next. */
  children?: ReactNode;
  icon?: ReactNode;
  /** Buttons or links. */
  actions?: ReactNode;
  /** Read out at once when it appears; default: only for `danger`. */
  isUrgent?: boolean;
}

/** A block that says what is the matter and what to do next. */
export function Notice({
  tone,
  title,
  children,
  icon,
  actions,
  isUrgent = tone === 'danger',
}: NoticeProps): ReactNode {
  return (
    <div className={styles.notice} data-tone={tone} role={isUrgent ? 'alert' : 'status'}>
      {icon && (
        <span className={styles.icon} aria-hidden="true">
          {icon}
        </span>
      )}
      <div className={styles.body}>
        <p className={styles.title}>{title}</p>
        {children && <div className={styles.text}>{children}</div>}
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
    </div>
  );
}
