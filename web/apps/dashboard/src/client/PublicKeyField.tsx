import { Textarea } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Whether a text could be a public key in PEM; the server decides. */
export function looksLikePublicKey(text: string): boolean {
  return text.includes('-----BEGIN PUBLIC KEY-----') && text.includes('-----END PUBLIC KEY-----');
}

export interface PublicKeyFieldProps {
  value: string;
  isWrong: boolean;
  onChange: (value: string) => void;
}

/** The public half of a key whose private half stays with its owner. */
export function PublicKeyField({ value, isWrong, onChange }: PublicKeyFieldProps): ReactNode {
  const { t } = useTranslation('client');
  return (
    <Textarea
      label={t('key_new.public_key')}
      description={t('key_new.public_key_help')}
      placeholder="-----BEGIN PUBLIC KEY-----"
      rows={5}
      spellCheck={false}
      value={value}
      error={isWrong && t('key_new.public_key_missing')}
      styles={{ input: { fontFamily: 'var(--font-mono)' } }}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
