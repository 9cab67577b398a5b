import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconCheck, IconCopy } from '../icons';
import styles from './CopyButton.module.css';

/** How long the button says that it copied, milliseconds: long enough to be read. */
const SAID_MS = 2_500;

export interface CopyButtonProps {
  value: string;
  /** What is copied, for the accessible name: "the app id". */
  what?: string;
  /** Shows the sign alone; the words are its name. */
  isSmall?: boolean;
}

/** Copies a text and says that it did. */
export function CopyButton({ value, what, isSmall = false }: CopyButtonProps): ReactNode {
  const { t } = useTranslation();
  const [said, setSaid] = useState<'copied' | 'failed' | null>(null);
  useEffect(() => {
    if (!said) return;
    const timer = window.setTimeout(() => setSaid(null), SAID_MS);
    return () => window.clearTimeout(timer);
  }, [said]);

  const copy = () => {
    // Without https the browser offers no clipboard; the person then copies by hand.
    Promise.resolve()
      .then(() => navigator.clipboard.writeText(value))
      .then(() => setSaid('copied'))
      .catch(() => setSaid('failed'));
  };
  const name = what ? t('copy.what', { what }) : t('copy.action');
  const words = said ? t(`copy.${said}`) : t('copy.action');
  return (
    <button
      type="button"
      className={styles.button}
      data-small={isSmall}
      data-said={said ?? undefined}
      aria-label={said ? words : name}
      title={isSmall ? words : undefined}
      onClick={copy}
    >
      {said === 'copied' ? <IconCheck aria-hidden="true" /> : <IconCopy aria-hidden="true" />}
      {!isSmall && <span>{words}</span>}
      <span className={styles.hidden} aria-live="polite">
        {said && words}
      </span>
    </button>
  );
}
