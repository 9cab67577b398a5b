import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { tenantProvidersQuery } from '../api/identityProviders';
import { Answered } from '../parts/Answered';
import { Card } from '../parts/Card';
import { Facts } from '../parts/Facts';
import { SkeletonLines } from '../parts/SkeletonLines';
import { useClient } from './useClient';

/** Which identity provider people of the organisation sign in by; the operator sets it up. */
export function SignInCard(): ReactNode {
  const { t } = useTranslation('client');
  const { tenantId } = useClient();
  const providers = useQuery(tenantProvidersQuery(tenantId));
  return (
    <Card title={t('sign_in.title')} lead={t('sign_in.lead')} layout="beside">
      <Answered
        query={providers}
        skeleton={<SkeletonLines count={2} />}
        failed={t('sign_in.failed')}
      >
        {(found) =>
          found.length === 0 ? (
            <p>{t('sign_in.empty')}</p>
          ) : (
            found.map(({ id, name, issuer, domains, new_role }) => (
              <Facts
                key={id}
                facts={[
                  { name, value: issuer },
                  { name: t('sign_in.domains'), value: domains.join(', ') },
                  {
                    name: t('sign_in.new_role'),
                    value: new_role === null ? t('sign_in.refused') : t(`role.${new_role}`),
                  },
                ]}
              />
            ))
          )
        }
      </Answered>
    </Card>
  );
}
