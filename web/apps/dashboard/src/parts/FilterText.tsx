import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { IconSearch } from '../icons';
import styles from './FilterText.module.css';

export interface FilterTextProps {
  label: string;
  value: string | undefined;
  /** Gets `undefined` for an empty field. */
  onChoose: (value: string | undefined) => void;
}

/** Several of them beside each other. */
export function FilterTexts({ children }: { children: ReactNode }): ReactNode {
  return <div className={styles.group}>{children}</div>;
}

/** A filter of a list by a word; it takes effect with Enter or when the field is left. */
export function FilterText({ label, value = '', onChoose }: FilterTextProps): ReactNode {
  const commit = (text: string) => {
    if (text.trim() !== value) onChoose(text.trim() || undefined);
  };
  return (
    <TextInput
      // Going back in the history shows what the address says then.
      key={value}
      type="search"
      className={styles.field}
      aria-label={label}
      placeholder={label}
      defaultValue={value}
      leftSection={<IconSearch size={16} aria-hidden="true" />}
      onBlur={(event) => commit(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit(event.currentTarget.value);
      }}
    />
  );
}
