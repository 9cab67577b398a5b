import { Link, type LinkProps } from '@tanstack/react-router';
import { type ReactNode, useId } from 'react';
import styles from './NavLink.module.css';

export interface NavLinkProps extends Pick<LinkProps, 'to' | 'params' | 'search'> {
  icon: ReactNode;
  label: string;
  /** Is not the place of what lies below it. */
  isExact?: boolean;
}

/** One link of the navigation. */
export function NavLink({ icon, label, isExact = false, ...to }: NavLinkProps): ReactNode {
  return (
    <li>
      <Link
        {...to}
        className={styles.link}
        activeOptions={{ exact: isExact, includeSearch: false }}
        activeProps={{ 'aria-current': 'page' }}
      >
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
  const id = useId();
  return (
    <div className={styles.group}>
      {label && (
        <p className={styles.label} id={id}>
          {label}
        </p>
      )}
      <ul className={styles.links} {...(label && { 'aria-labelledby': id })}>
        {children}
      </ul>
    </div>
  );
}
