import { LANGUAGES, type Language, SelectField } from '@jumpa/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { changeLanguage } from '../i18n/i18n';

/** Changes the language at once and remembers it. */
export function LanguageSelect(): ReactNode {
  const { t, i18n } = useTranslation();
  return (
    <SelectField
      label={t('language.label')}
      value={i18n.language}
      options={LANGUAGES.map((value) => ({ value, label: t(`language.${value}`) }))}
      onChoose={(value) => {
        // Without the texts of the other language the page stays in this one.
        changeLanguage(i18n, value as Language).catch(() => undefined);
      }}
    />
  );
}
