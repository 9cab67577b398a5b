import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { appsQuery } from '../api/clientApps';
import { FilterSelect } from '../parts/FilterSelect';
import { useClient } from './useClient';
import { useFilters } from './useFilters';

/** Narrows a screen to one app; nothing to choose when there is only one. */
export function AppFilter(): ReactNode {
  const { t } = useTranslation('client');
  const { tenantId } = useClient();
  const { filters, setFilters } = useFilters();
  const apps = useQuery(appsQuery(tenantId)).data ?? [];
  if (apps.length < 2) return null;
  return (
    <FilterSelect
      label={t('filter.app')}
      value={filters.app}
      options={[
        { value: '', label: t('filter.every_app') },
        ...apps.map(({ id, name }) => ({ value: id, label: name })),
      ]}
      onChoose={(app) => setFilters({ app })}
    />
  );
}
