import type { ReactNode } from 'react';
import styles from './Page.module.css';
import { usePageTitle } from './usePageTitle';

export interface PageProps {
  title: string;
  lead?: ReactNode;
  /** The one thing to do here. */
  action?: ReactNode;
  /** The screens that stand beside this one, see `PageTabs`. */
  tabs?: ReactNode;
  /** One row; what is chosen stands in the address. */
  filters?: ReactNode;
  /** Above the title: where this belongs. */
  parent?: ReactNode;
  children: ReactNode;
}

/** The frame of a screen: title, the main action, one row of filters, content. */
export function Page({
  title,
  lead,
  action,
  tabs,
  filters,
  parent,
  children,
}: PageProps): ReactNode {
  usePageTitle(title);
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <div className={styles.words}>
          {parent && <div className={styles.parent}>{parent}</div>}
          <h1 className={styles.title} tabIndex={-1}>
            {title}
          </h1>
          {lead && <p className={styles.lead}>{lead}</p>}
        </div>
        {action && <div className={styles.action}>{action}</div>}
      </header>
      {tabs}
      {filters && <div className={styles.filters}>{filters}</div>}
      {children}
    </div>
  );
}
