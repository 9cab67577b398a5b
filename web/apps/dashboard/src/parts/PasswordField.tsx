import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** A password, and a button that shows it: for the keyboard too, and named in the language of the page. */
export function PasswordField(props: PasswordInputProps): ReactNode {
  const { t } = useTranslation();
  return (
    <PasswordInput
      {...props}
      visibilityToggleFocusable
      visibilityToggleButtonProps={{ 'aria-label': t('action.show_password') }}
    />
  );
}
