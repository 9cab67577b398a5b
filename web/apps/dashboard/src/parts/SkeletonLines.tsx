import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './SkeletonLines.module.css';

/** Stands for text that is on its way. */
export function SkeletonLines({ count }: { count: number }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className={styles.lines} role="status" aria-busy="true" aria-label={t('loading')}>
      {Array.from({ length: count }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike
        <span key={line} />
      ))}
    </div>
  );
}
