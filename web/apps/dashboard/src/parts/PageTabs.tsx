import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import styles from './PageTabs.module.css';

export interface PageTab extends Pick<LinkProps, 'to' | 'params'> {
  readonly label: string;
}

export interface PageTabsProps {
  /** What the screens have in common, for screen readers. */
  label: string;
  tabs: readonly PageTab[];
}

/** Screens of one section beside each other: each is a page with its own address. */
export function PageTabs({ label, tabs }: PageTabsProps): ReactNode {
  return (
    <nav aria-label={label}>
      <ul className={styles.tabs}>
        {tabs.map(({ label: name, ...to }) => (
          <li key={name}>
            <Link
              {...to}
              className={styles.tab}
              activeOptions={{ exact: true, includeSearch: false }}
              activeProps={{ 'aria-current': 'page' }}
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
