import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import styles from './NavLink.module.css';

export interface NavLinkProps extends Pick<LinkProps, 'to' | 'params' | 'search'> {
  icon: ReactNode;
  label: string;
}

/** One link of the navigation. */
export function NavLink({ icon, label, ...to }: NavLinkProps): ReactNode {
  return (
    <li>
      <Link {...to} className={styles.link} activeProps={{ 'aria-current': 'page' }}>
        <span className={styles.icon} aria-hidden="true">
          {icon}
        </span>
        {label}
      </Link>
    </li>
  );
}

export interface NavGroupProps {
  label?: string;
  children: ReactNode;
}

/** Links that belong together. */
export function NavGroup({ label, children }: NavGroupProps): ReactNode {
  return (
    <div className={styles.group}>
      {label && <p className={styles.label}>{label}</p>}
      <ul className={styles.links}>{children}</ul>
    </div>
  );
}
