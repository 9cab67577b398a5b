import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconCheck, IconCopy } from '../icons';
import styles from './CopyField.module.css';

export interface CopyFieldProps {
  label: string;
  value: string;
}

/** A text to take away; the button says that it copied. */
export function CopyField({ label, value }: CopyFieldProps): ReactNode {
  const { t } = useTranslation();
  const id = useId();
  const [isCopied, setCopied] = useState(false);
  const copy = () => {
    navigator.clipboard
      .writeText(value)
      .then(() => setCopied(true))
      .catch(() => setCopied(false));
  };
  return (
    <div>
      <span className={styles.label} id={id}>
        {label}
      </span>
      <div className={styles.box}>
        <code className={styles.value}>{value}</code>
        <button type="button" className={styles.copy} aria-describedby={id} onClick={copy}>
          {isCopied ? <IconCheck aria-hidden="true" /> : <IconCopy aria-hidden="true" />}
          <span aria-live="polite">{isCopied ? t('common.copied') : t('common.copy')}</span>
        </button>
      </div>
    </div>
  );
}
