import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { tenantQuery } from '../api/tenant';
import { IconEye } from '../icons';
import styles from './ReadOnlyBanner.module.css';

export interface ReadOnlyBannerProps {
  tenantId: string;
}

/** The operator looks at a client: nothing can be changed, and the visit stands in the audit log. */
export function ReadOnlyBanner({ tenantId }: ReadOnlyBannerProps): ReactNode {
  const { t } = useTranslation('client');
  const name = useQuery(tenantQuery(tenantId)).data?.name ?? '…';
  return (
    <div className={styles.banner} role="status">
      <IconEye aria-hidden="true" />
      <span>{t('visitor.text', { name })}</span>
      <Link to="/operator" className={styles.leave}>
        {t('visitor.leave')}
      </Link>
    </div>
  );
}
