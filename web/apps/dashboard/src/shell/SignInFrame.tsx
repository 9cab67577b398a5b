import { Logo } from '@jumpa/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlatform } from '../api/platformSettings';
import { IconLanguage } from '../icons';
import { AppearanceChoices } from './AppearanceChoices';
import { ChoiceMenu } from './ChoiceMenu';
import styles from './SignInFrame.module.css';

export interface SignInFrameProps {
  /** More than a card: as wide as a page. */
  isWide?: boolean;
  children: ReactNode;
}

/** The frame of pages before the sign-in: logo, language and theme, one card. */
export function SignInFrame({ isWide = false, children }: SignInFrameProps): ReactNode {
  const { t } = useTranslation();
  const { name } = usePlatform();
  const label = `${t('language.label')}, ${t('theme.label')}`;
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <a href="/" className={styles.home} aria-label={t('shell.home')}>
          <Logo />
          {name !== 'Jumpa' && <span className={styles.name}>{name}</span>}
        </a>
        <ChoiceMenu
          label={label}
          position="bottom-end"
          target={
            <button type="button" className={styles.button} aria-label={label}>
              <IconLanguage aria-hidden="true" />
            </button>
          }
        >
          <AppearanceChoices />
        </ChoiceMenu>
      </header>
      <main className={styles.main} data-wide={isWide}>
        {children}
      </main>
    </div>
  );
}
