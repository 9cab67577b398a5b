import { Notice } from '@jumpa/ui';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconAlertTriangle } from '../icons';
import { CopyButton } from '../parts/CopyButton';
import { Stack } from '../parts/Stack';
import styles from './RecoveryCodes.module.css';

export interface RecoveryCodesProps {
  codes: readonly string[];
  onDone: () => void;
}

/** Codes for the day when the phone is lost: shown this once, to copy or to keep as a file. */
export function RecoveryCodes({ codes, onDone }: RecoveryCodesProps): ReactNode {
  const { t } = useTranslation('people');
  const text = codes.join('\n');
  return (
    <Stack>
      <Notice tone="attention" icon={<IconAlertTriangle />} title={t('recovery.once')}>
        {t('recovery.where')}
      </Notice>
      <ul className={styles.codes} aria-label={t('recovery.title')}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className={styles.actions}>
        <CopyButton value={text} what={t('recovery.title')} />
        <a
          className="row-action"
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(`${text}\n`)}`}
          download="jumpa-recovery-codes.txt"
        >
          {t('recovery.download')}
        </a>
      </div>
      <Button onClick={onDone}>{t('recovery.stored')}</Button>
    </Stack>
  );
}
