import { Menu } from '@mantine/core';
import '@mantine/core/styles/Menu.layer.css';
import '@mantine/core/styles/Popover.layer.css';
import type { ComponentPropsWithRef, ReactElement, ReactNode } from 'react';
import styles from './ChoiceMenu.module.css';

const classNames = {
  dropdown: styles.dropdown ?? '',
  item: styles.item ?? '',
  label: styles.label ?? '',
  divider: styles.divider ?? '',
};

export interface ChoiceMenuProps {
  /** The button that opens it. */
  target: ReactElement;
  label: string;
  position?: 'bottom-start' | 'bottom-end' | 'top-start';
  /** At least as wide as this, pixels. */
  width?: number | 'target';
  children: ReactNode;
}

/** A list of choices that opens at a button. */
export function ChoiceMenu({
  target,
  label,
  position = 'bottom-start',
  width = 220,
  children,
}: ChoiceMenuProps): ReactNode {
  return (
    <Menu
      position={position}
      width={width}
      offset={6}
      shadow="none"
      transitionProps={{ duration: 120, exitDuration: 0, transition: 'fade' }}
      withInitialFocusPlaceholder={false}
      returnFocus
      classNames={classNames}
    >
      <Menu.Target>{target}</Menu.Target>
      <Menu.Dropdown aria-label={label}>{children}</Menu.Dropdown>
    </Menu>
  );
}

export interface ChoiceProps {
  isChosen: boolean;
  onChoose: () => void;
  /** A second line. */
  help?: ReactNode;
  children: ReactNode;
}

/** One of several choices, exactly one of which is in force. */
export function Choice({ isChosen, onChoose, help, children }: ChoiceProps): ReactNode {
  return (
    <Menu.Item component={ChoiceButton} aria-checked={isChosen} onClick={onChoose}>
      <span className={styles.row}>
        <MenuWords help={help}>{children}</MenuWords>
        <span className={styles.tick} data-chosen={isChosen} aria-hidden="true" />
      </span>
    </Menu.Item>
  );
}

/** What an entry of a menu says, and below it what that means. */
export function MenuWords({ help, children }: Pick<ChoiceProps, 'help' | 'children'>): ReactNode {
  return (
    <span className={styles.words}>
      <span className={styles.choice}>{children}</span>
      {help && <span className={styles.help}>{help}</span>}
    </span>
  );
}

/** The library makes every item a plain one, which cannot be the chosen one of several. */
function ChoiceButton({
  'aria-checked': isChecked = false,
  ...props
}: ComponentPropsWithRef<'button'>): ReactNode {
  return <button {...props} type="button" role="menuitemradio" aria-checked={isChecked} />;
}
