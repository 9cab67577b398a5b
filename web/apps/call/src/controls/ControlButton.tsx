import { UnstyledButton } from '@mantine/core';
import type { ComponentPropsWithRef, ReactNode } from 'react';
import styles from './ControlButton.module.css';
import { Tip } from './Tip';

export interface ControlButtonProps extends ComponentPropsWithRef<'button'> {
  /** The accessible name, also shown as a tip. */
  label: string;
  icon: ReactNode;
  shortcut?: string;
  /** `off`: a source that is off, inverted; `on`: an active state; `danger`: leave. */
  tone?: 'normal' | 'off' | 'on' | 'attention' | 'danger';
  /** A number or a dot at the corner. */
  badge?: ReactNode;
  /** The tip rests, for example while a menu of the button is open. */
  hasTip?: boolean;
}

/** A round button of the call, 44 px or more, with a tip. */
export function ControlButton({
  label,
  icon,
  shortcut,
  tone = 'normal',
  badge,
  hasTip = true,
  className,
  ...rest
}: ControlButtonProps): ReactNode {
  return (
    // Always around the button: one that comes and goes would take the focus with it.
    <Tip label={label} shortcut={shortcut} isOff={!hasTip}>
      <UnstyledButton
        type="button"
        aria-label={label}
        aria-keyshortcuts={shortcut}
        className={`${styles.button} ${className ?? ''}`}
        data-tone={tone}
        {...rest}
      >
        <span className={styles.icon} aria-hidden="true">
          {icon}
        </span>
        {badge !== undefined && badge !== null && badge !== false && (
          <span className={styles.badge} aria-hidden="true">
            {badge}
          </span>
        )}
      </UnstyledButton>
    </Tip>
  );
}
