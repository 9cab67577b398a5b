import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconAlertTriangle } from '../icons';
import { SupportLinks } from '../parts/SupportLinks';
import styles from './ReadOnlyBanner.module.css';

/** The operator stopped the organisation: its people look, and nobody joins its calls. */
export function SuspendedBanner(): ReactNode {
  const { t } = useTranslation('client');
  return (
    <div className={styles.banner} role="status">
      <IconAlertTriangle aria-hidden="true" />
      <span>{t('suspended.text')}</span>
      <SupportLinks />
    </div>
  );
}
