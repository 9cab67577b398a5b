import { SegmentedControl, useMantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './SettingsDialog.module.css';

const SCHEMES = ['auto', 'light', 'dark'] as const;

/** Chooses light, dark, or what the system has. */
export function ThemeControl(): ReactNode {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <div>
      <p className={styles.label} id="theme-label">
        {t('theme.label')}
      </p>
      <SegmentedControl
        fullWidth
        size="md"
        classNames={{ root: styles.choice ?? '' }}
        aria-labelledby="theme-label"
        value={colorScheme}
        data={SCHEMES.map((value) => ({ value, label: t(`theme.${value}`) }))}
        onChange={(value) => setColorScheme(value as (typeof SCHEMES)[number])}
      />
    </div>
  );
}
