import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './CodeField.module.css';

/** Digits of a code of an authenticator app (RFC 6238 as every app shows it). */
const APP_DIGITS = 6;

export interface CodeFieldProps {
  kind: 'app' | 'recovery';
  value: string;
  /** Takes the focus when it appears: there is nothing else to do. */
  hasFocus?: boolean;
  onChange: (value: string) => void;
  /** The last digit of a code of the app was typed. */
  onFull?: (code: string) => void;
}

/** A code of an authenticator app, or a recovery code. */
export function CodeField({ kind, value, hasFocus, onChange, onFull }: CodeFieldProps): ReactNode {
  const { t } = useTranslation('people');
  const isApp = kind === 'app';
  const change = (text: string) => {
    onChange(text);
    const digits = text.replace(/\s/g, '');
    if (isApp && digits !== value.replace(/\s/g, '') && isFull(digits)) onFull?.(digits);
  };
  return (
    <TextInput
      size="md"
      label={isApp ? t('second_factor.code') : t('second_factor.recovery_code')}
      value={value}
      inputMode={isApp ? 'numeric' : 'text'}
      autoComplete={isApp ? 'one-time-code' : 'off'}
      autoCapitalize="none"
      spellCheck={false}
      maxLength={32}
      placeholder={isApp ? '123 456' : 'k3x9q-m7w2r'}
      {...(hasFocus && { autoFocus: true })}
      classNames={{ input: styles.input ?? '' }}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}

function isFull(digits: string): boolean {
  return digits.length === APP_DIGITS && /^\d+$/.test(digits);
}
