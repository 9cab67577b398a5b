import { Tooltip } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { useFloatingLayer } from './FloatingLayer';
import styles from './Tip.module.css';

export interface TipProps {
  label: ReactNode;
  /** The key that does the same. */
  shortcut?: string | undefined;
  position?: 'top' | 'bottom' | 'left' | 'right';
  /** Also shown by a tap, for signs that are no control. */
  onTap?: boolean;
  /** Rests, for example while a menu of the control is open. */
  isOff?: boolean;
  children: ReactElement;
}

/** A short text beside what the pointer or the focus rests on. */
export function Tip({
  label,
  shortcut,
  position = 'top',
  onTap = false,
  isOff = false,
  children,
}: TipProps): ReactNode {
  const floating = useFloatingLayer();
  return (
    <Tooltip
      label={
        <>
          {label}
          {shortcut && <kbd className={styles.key}>{shortcut}</kbd>}
        </>
      }
      position={position}
      openDelay={250}
      disabled={isOff}
      events={{ hover: true, focus: true, touch: onTap }}
      classNames={{ tooltip: styles.tip ?? '' }}
      offset={8}
      {...floating}
    >
      {children}
    </Tooltip>
  );
}
