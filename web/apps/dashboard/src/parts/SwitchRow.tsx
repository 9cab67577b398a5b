import { Switch } from '@mantine/core';
import '@mantine/core/styles/Switch.layer.css';
import { type ReactNode, useId } from 'react';
import styles from './SwitchRow.module.css';

export interface SwitchRowProps {
  label: string;
  /** What it means when it is on. */
  help: string;
  isOn: boolean;
  isDisabled?: boolean;
  onSwitch: (isOn: boolean) => void;
}

/** A setting that is on or off, and holds as soon as it is switched. */
export function SwitchRow({
  label,
  help,
  isOn,
  isDisabled = false,
  onSwitch,
}: SwitchRowProps): ReactNode {
  const id = useId();
  return (
    <div className={styles.row}>
      <div className={styles.words}>
        <label className={styles.label} htmlFor={id}>
          {label}
        </label>
        <p className={styles.help} id={`${id}-help`}>
          {help}
        </p>
      </div>
      <Switch
        id={id}
        aria-describedby={`${id}-help`}
        checked={isOn}
        disabled={isDisabled}
        onChange={(event) => onSwitch(event.currentTarget.checked)}
      />
    </div>
  );
}
