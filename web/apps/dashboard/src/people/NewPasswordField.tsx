import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PasswordField } from '../parts/PasswordField';
import { MIN_PASSWORD_CHARS } from './personRules';

export interface NewPasswordFieldProps {
  value: string;
  /** Whether the person tried one that is too short. */
  isShort: boolean;
  size?: 'sm' | 'md';
  /** Default: "Password". */
  label?: string;
  onChange: (value: string) => void;
}

/** A password to be chosen, with the one rule there is. */
export function NewPasswordField({
  value,
  isShort,
  size = 'md',
  label,
  onChange,
}: NewPasswordFieldProps): ReactNode {
  const { t } = useTranslation('people');
  return (
    <PasswordField
      size={size}
      label={label ?? t('person.password')}
      description={t('person.password_help', { count: MIN_PASSWORD_CHARS })}
      value={value}
      autoComplete="new-password"
      maxLength={256}
      error={isShort && t('person.password_short', { count: MIN_PASSWORD_CHARS })}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
