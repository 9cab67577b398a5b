import { LANGUAGES } from '@jumpa/ui';
import { Menu, useMantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { changeLanguage } from '../i18n/i18n';
import { Choice } from './ChoiceMenu';

/** Language and theme, inside a menu. */
export function AppearanceChoices(): ReactNode {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <Menu.Label>{t('language.label')}</Menu.Label>
      {LANGUAGES.map((language) => (
        <Choice
          key={language}
          isChosen={i18n.language === language}
          onChoose={() => {
            // Without the texts of the other language the page stays in this one.
            changeLanguage(i18n, language).catch(() => undefined);
          }}
        >
          {t(`language.${language}`)}
        </Choice>
      ))}
      <Menu.Divider />
      <Menu.Label>{t('theme.label')}</Menu.Label>
      {(['auto', 'light', 'dark'] as const).map((scheme) => (
        <Choice
          key={scheme}
          isChosen={colorScheme === scheme}
          onChoose={() => setColorScheme(scheme)}
        >
          {t(`theme.${scheme}`)}
        </Choice>
      ))}
    </>
  );
}
