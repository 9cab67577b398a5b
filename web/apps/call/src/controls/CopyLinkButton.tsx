import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconCheck, IconLink } from '../icons';
import styles from './CopyLinkButton.module.css';

/** Copies the link of this room, without the own invitation, and says so. */
export function CopyLinkButton(): ReactNode {
  const { t } = useTranslation();
  const [isCopied, setCopied] = useState(false);
  const copy = () => {
    const { origin, pathname } = window.location;
    navigator.clipboard
      .writeText(`${origin}${pathname}`)
      .then(() => setCopied(true))
      .catch(() => setCopied(false));
  };
  return (
    <button type="button" className={styles.button} onClick={copy} data-copied={isCopied}>
      {isCopied ? <IconCheck aria-hidden="true" /> : <IconLink aria-hidden="true" />}
      <span aria-live="polite">{isCopied ? t('common.link_copied') : t('common.copy_link')}</span>
    </button>
  );
}
