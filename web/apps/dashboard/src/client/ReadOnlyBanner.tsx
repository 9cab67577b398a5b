import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { endTenantView } from '../api/operator';
import { tenantQuery } from '../api/tenant';
import { IconEye } from '../icons';
import styles from './ReadOnlyBanner.module.css';

export interface ReadOnlyBannerProps {
  tenantId: string;
}

/** The operator looks at a client: nothing can be changed, and the visit stands in the audit log. */
export function ReadOnlyBanner({ tenantId }: ReadOnlyBannerProps): ReactNode {
  const { t } = useTranslation('client');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const leave = useMutation({
    mutationFn: () => endTenantView(tenantId),
    // Whatever became of it, the operator wants to be back; after an hour it ends by itself.
    onSettled: async () => {
      await navigate({ to: '/operator/clients/$tenantId', params: { tenantId } });
      queries.removeQueries({ queryKey: ['tenant', tenantId] });
    },
  });
  const name = useQuery(tenantQuery(tenantId)).data?.name ?? '…';
  return (
    <div className={styles.banner} role="status">
      <IconEye aria-hidden="true" />
      <span>{t('visitor.text', { name })}</span>
      <button
        type="button"
        className={styles.leave}
        disabled={leave.isPending}
        onClick={() => leave.mutate()}
      >
        {t('visitor.leave')}
      </button>
    </div>
  );
}
