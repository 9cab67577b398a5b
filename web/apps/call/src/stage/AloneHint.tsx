import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyLinkButton } from '../controls/CopyLinkButton';
import styles from './AloneHint.module.css';

/** Says that nobody else is here yet and offers the link to send. */
export function AloneHint(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className={styles.hint}>
      <div>
        <p className={styles.title}>{t('call.alone_title')}</p>
        <p className={styles.text}>{t('call.alone_text')}</p>
      </div>
      <CopyLinkButton />
    </div>
  );
}
