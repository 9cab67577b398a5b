import { readableTextOn } from '@jumpa/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Branding } from '../../api/clientApps';
import styles from './BrandingPage.module.css';
import { isHttps } from './brandingProblems';

const COLOR = /^#[0-9a-f]{6}$/;

export interface BrandingPreviewProps {
  appName: string;
  branding: Branding;
}

/** The page before a call as callers will see it, small. */
export function BrandingPreview({ appName, branding }: BrandingPreviewProps): ReactNode {
  const { t } = useTranslation('client');
  const { logo_url, accent_color, background_color, welcome_text } = branding;
  const accent = colorOr(accent_color, '#0e7c7b');
  const background = colorOr(background_color, '#0b1014');
  const name = branding.display_name ?? appName;
  const hasLogo = logo_url !== null && isHttps(logo_url);
  return (
    <figure className={styles.preview}>
      <figcaption className={styles.caption}>{t('branding.preview')}</figcaption>
      <div
        className={styles.page}
        style={{ backgroundColor: background, color: readableTextOn(background) }}
      >
        <div className={styles.head}>
          {hasLogo && (
            <img className={styles.logo} src={logo_url} alt="" referrerPolicy="no-referrer" />
          )}
          <span className={styles.name}>{name}</span>
        </div>
        <div className={styles.mirror} aria-hidden="true" />
        {welcome_text && <p className={styles.welcome}>{welcome_text}</p>}
        <span
          className={styles.join}
          style={{ backgroundColor: accent, color: readableTextOn(accent) }}
        >
          {t('branding.preview_join')}
        </span>
      </div>
    </figure>
  );
}

function colorOr(text: string | null, usual: string): string {
  return text !== null && COLOR.test(text) ? text : usual;
}
