import type { ReactNode } from 'react';
import { IconChevronDown } from '../icons';
import styles from './FilterSelect.module.css';

export interface FilterSelectProps {
  label: string;
  /** The first stands for "all". */
  options: readonly { readonly value: string; readonly label: string }[];
  value: string | undefined;
  /** Gets `undefined` for the first. */
  onChoose: (value: string | undefined) => void;
}

/** A filter of a list: a native choice, as high as the fields beside it. */
export function FilterSelect({ label, options, value, onChoose }: FilterSelectProps): ReactNode {
  return (
    <span className={styles.box} data-chosen={Boolean(value)}>
      <select
        className={styles.select}
        aria-label={label}
        value={value ?? ''}
        onChange={(event) => onChoose(event.currentTarget.value || undefined)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <IconChevronDown aria-hidden="true" />
    </span>
  );
}
