import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FilterText, FilterTexts } from '../parts/FilterText';
import { AppFilter } from './AppFilter';
import { PeriodFilter } from './PeriodFilter';
import { useFilters } from './useFilters';

export interface NarrowingFiltersProps {
  /** The words that the list can be narrowed by. */
  texts?: readonly ('room' | 'participant' | 'search')[];
  children: ReactNode;
}

/** The row of filters above a list of calls; those of the list itself stand in the middle. */
export function NarrowingFilters({
  texts = ['room', 'participant'],
  children,
}: NarrowingFiltersProps): ReactNode {
  const { t } = useTranslation('client');
  const { filters, setFilters } = useFilters();
  return (
    <>
      <PeriodFilter />
      <AppFilter />
      {children}
      <FilterTexts>
        {texts.map((name) => (
          <FilterText
            key={name}
            label={t(`filter.${name}`)}
            value={filters[name]}
            onChoose={(text) => setFilters({ [name]: text })}
          />
        ))}
      </FilterTexts>
    </>
  );
}
