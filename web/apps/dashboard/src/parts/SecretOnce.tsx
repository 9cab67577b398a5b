import { Notice } from '@jumpa/ui';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconAlertTriangle } from '../icons';
import { CopyField } from './CopyField';
import { Stack } from './Stack';

export interface SecretOnceProps {
  label: string;
  secret: string;
  /** What belongs to it and may be read again. */
  children?: ReactNode;
  onDone: () => void;
}

/** A secret that is shown this once: it leaves the page when the person says that it is stored. */
export function SecretOnce({ label, secret, children, onDone }: SecretOnceProps): ReactNode {
  const { t } = useTranslation();
  return (
    <Stack>
      <Notice tone="attention" icon={<IconAlertTriangle />} title={t('secret.once')}>
        {t('secret.where')}
      </Notice>
      {children}
      <CopyField label={label} value={secret} />
      <Button onClick={onDone}>{t('secret.stored')}</Button>
    </Stack>
  );
}
