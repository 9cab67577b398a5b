import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconLock } from '../icons';
import { Card } from './Card';
import { EmptyState } from './EmptyState';

/** The role of the person does not reach this screen. */
export function NoPermission(): ReactNode {
  const { t } = useTranslation();
  return (
    <Card>
      <EmptyState icon={<IconLock />} title={t('no_permission.title')}>
        <p>{t('no_permission.text')}</p>
      </EmptyState>
    </Card>
  );
}
