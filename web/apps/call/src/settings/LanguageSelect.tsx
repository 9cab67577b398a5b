import { NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { changeLanguage, LANGUAGES, type Language } from '../i18n/i18n';

/** Changes the language at once and remembers it. */
export function LanguageSelect(): ReactNode {
  const { t, i18n } = useTranslation();
  return (
    <NativeSelect
      label={t('language.label')}
      value={i18n.language}
      data={LANGUAGES.map((value) => ({ value, label: t(`language.${value}`) }))}
      onChange={(event) => {
        // Without the texts of the other language the page stays in this one.
        changeLanguage(i18n, event.currentTarget.value as Language).catch(() => undefined);
      }}
    />
  );
}
