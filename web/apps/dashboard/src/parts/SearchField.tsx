import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { IconSearch } from '../icons';
import styles from './SearchField.module.css';

/** How long after the last letter the list is asked for, milliseconds: a pause in typing. */
const PAUSE_MS = 300;

export interface SearchFieldProps {
  label: string;
  /** What is searched for at first. */
  value: string | undefined;
  /** Gets `undefined` when the field is empty. */
  onSearch: (text: string | undefined) => void;
}

/** Narrows a list by words, while they are typed. */
export function SearchField({ label, value, onSearch }: SearchFieldProps): ReactNode {
  const [text, setText] = useState(value ?? '');
  const search = useDebouncedCallback((typed: string) => {
    onSearch(typed.trim() === '' ? undefined : typed.trim());
  }, PAUSE_MS);
  return (
    <TextInput
      className={styles.field ?? ''}
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} aria-hidden="true" />}
      value={text}
      maxLength={80}
      onChange={(event) => {
        setText(event.currentTarget.value);
        search(event.currentTarget.value);
      }}
    />
  );
}
