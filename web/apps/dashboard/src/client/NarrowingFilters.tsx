import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FilterText, FilterTexts } from '../parts/FilterText';
import { AppFilter } from './AppFilter';
import { PeriodFilter } from './PeriodFilter';
import { useFilters } from './useFilters';

/** The row of filters above a list of calls; those of the list itself stand in the middle. */
export function NarrowingFilters({ children }: { children: ReactNode }): ReactNode {
  const { t } = useTranslation('client');
  const { filters, setFilters } = useFilters();
  return (
    <>
      <PeriodFilter />
      <AppFilter />
      {children}
      <FilterTexts>
        <FilterText
          label={t('filter.room')}
          value={filters.room}
          onChoose={(room) => setFilters({ room })}
        />
        <FilterText
          label={t('filter.participant')}
          value={filters.participant}
          onChoose={(participant) => setFilters({ participant })}
        />
      </FilterTexts>
    </>
  );
}
