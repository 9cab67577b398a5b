import { LANGUAGES } from '@jumpa/ui';
import { Menu, useMantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useBrand } from '../branding/BrandContext';
import { schemeOf } from '../branding/brandLook';
import { changeLanguage } from '../i18n/i18n';
import { IconDeviceDesktop, IconLanguage, IconMoon, IconSun } from '../icons';
import { CallMenu, ChoiceItem } from './CallMenu';
import styles from './PageMenu.module.css';

const SCHEME_ICONS = { auto: IconDeviceDesktop, light: IconSun, dark: IconMoon } as const;

/** Language and appearance, on every page outside the call. */
export function PageMenu(): ReactNode {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  // A background of the app's own holds the appearance fixed.
  const isFixed = schemeOf(useBrand().branding) !== null;
  const label = isFixed ? t('language.label') : `${t('language.label')}, ${t('theme.label')}`;
  return (
    <CallMenu
      scheme="page"
      position="bottom-end"
      offset={4}
      label={label}
      target={
        <button type="button" className={styles.button} aria-label={label}>
          <IconLanguage aria-hidden="true" />
        </button>
      }
    >
      <Menu.Label>{t('language.label')}</Menu.Label>
      {LANGUAGES.map((language) => (
        <ChoiceItem
          key={language}
          isChosen={i18n.language === language}
          onChoose={() => {
            // Without the texts of the other language the page stays in this one.
            changeLanguage(i18n, language).catch(() => undefined);
          }}
        >
          {t(`language.${language}`)}
        </ChoiceItem>
      ))}
      {!isFixed && (
        <>
          <Menu.Divider />
          <Menu.Label>{t('theme.label')}</Menu.Label>
          {(['auto', 'light', 'dark'] as const).map((scheme) => {
            const Icon = SCHEME_ICONS[scheme];
            return (
              <ChoiceItem
                key={scheme}
                icon={<Icon aria-hidden="true" />}
                isChosen={colorScheme === scheme}
                onChoose={() => setColorScheme(scheme)}
              >
                {t(`theme.${scheme}`)}
              </ChoiceItem>
            );
          })}
        </>
      )}
    </CallMenu>
  );
}
