import { Menu, type MenuProps } from '@mantine/core';
import type { ComponentPropsWithRef, ReactElement, ReactNode } from 'react';
import '@mantine/core/styles/Popover.layer.css';
import '@mantine/core/styles/Menu.layer.css';
import styles from './CallMenu.module.css';
import { useFloatingLayer } from './FloatingLayer';

const classNames = {
  dropdown: styles.dropdown ?? '',
  item: styles.item ?? '',
  itemSection: styles.section ?? '',
  label: styles.label ?? '',
  divider: styles.divider ?? '',
};

export interface CallMenuProps extends Omit<MenuProps, 'children' | 'classNames'> {
  /** The button that opens it. */
  target: ReactElement;
  /** The accessible name of the list. */
  label: string;
  /** The scheme of the list: dark over the canvas, the page's in panels. */
  scheme?: 'dark' | 'page';
  children: ReactNode;
}

/** A list of choices that opens at a button. */
export function CallMenu({
  target,
  label,
  scheme = 'dark',
  children,
  ...menu
}: CallMenuProps): ReactNode {
  const floating = useFloatingLayer();
  return (
    <Menu
      position="top"
      offset={10}
      shadow="none"
      // Gone at once: what a choice opens is not to be seen through a frame that fades.
      transitionProps={{ duration: 120, exitDuration: 0, transition: 'fade' }}
      // The first choice takes the focus; an empty element for it is no child that a menu may have.
      withInitialFocusPlaceholder={false}
      returnFocus
      {...floating}
      {...menu}
      classNames={classNames}
    >
      <Menu.Target>{target}</Menu.Target>
      <Menu.Dropdown aria-label={label} {...(scheme === 'dark' && { 'data-scheme': 'dark' })}>
        {children}
      </Menu.Dropdown>
    </Menu>
  );
}

export interface ChoiceItemProps {
  isChosen: boolean;
  onChoose: () => void;
  children: ReactNode;
  /** A second line. */
  help?: string;
  icon?: ReactNode;
}

/** One of several choices, exactly one of which is in force. */
export function ChoiceItem({
  isChosen,
  onChoose,
  children,
  help,
  icon,
}: ChoiceItemProps): ReactNode {
  return (
    <Menu.Item
      component={ChoiceButton}
      aria-checked={isChosen}
      onClick={onChoose}
      leftSection={
        icon ?? <span className={styles.dot} data-chosen={isChosen} aria-hidden="true" />
      }
      rightSection={icon && isChosen ? <span className={styles.tick} aria-hidden="true" /> : null}
    >
      <span className={styles.choice}>{children}</span>
      {help && <span className={styles.help}>{help}</span>}
    </Menu.Item>
  );
}

/** The library makes every item a plain one, which cannot be the chosen one of several. */
function ChoiceButton({
  'aria-checked': isChecked = false,
  ...props
}: ComponentPropsWithRef<'button'>): ReactNode {
  return <button {...props} type="button" role="menuitemradio" aria-checked={isChecked} />;
}
