import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type Overview, overviewQuery } from '../../api/numbers';
import { IconChartLine } from '../../icons';
import { Answered } from '../../parts/Answered';
import { Card } from '../../parts/Card';
import { EmptyState } from '../../parts/EmptyState';
import { Page } from '../../parts/Page';
import { addDays, dayCount, type Period } from '../../parts/period';
import { useNumberWords } from '../../parts/useNumberWords';
import { AppFilter } from '../AppFilter';
import { FirstCallLink } from '../FirstCallLink';
import { PeriodFilter } from '../PeriodFilter';
import { useClient } from '../useClient';
import { useFilters } from '../useFilters';
import { usePeriod } from '../usePeriod';
import { DayChartBones, DayCharts } from './DayCharts';
import { HourMap } from './HourMap';
import { LiveNow } from './LiveNow';
import styles from './OverviewPage.module.css';
import { TopLists } from './TopLists';
import { Totals } from './Totals';

/** How much a tenant calls, how well, when and from where. */
export function OverviewPage(): ReactNode {
  const { t } = useTranslation('numbers');
  const { tenantId } = useClient();
  const { filters } = useFilters();
  const period = usePeriod();
  const query = useQuery({
    ...overviewQuery(tenantId, {
      app_id: filters.app,
      from: period?.from ?? '',
      until: period?.until ?? '',
    }),
    enabled: period !== null,
    placeholderData: keepPreviousData,
  });
  return (
    <Page
      title={t('overview.heading')}
      filters={
        <>
          <PeriodFilter />
          <AppFilter />
        </>
      }
    >
      <Answered
        query={query}
        failed={t('overview.failed')}
        skeleton={
          <>
            <Totals overview={null} against={null} />
            <DayChartBones />
          </>
        }
      >
        {(overview) => <Numbers overview={overview} period={period} />}
      </Answered>
    </Page>
  );
}

function Numbers({ overview, period }: { overview: Overview; period: Period | null }): ReactNode {
  const { t } = useTranslation('numbers');
  const words = useNumberWords();
  if (overview.totals.calls === 0 && overview.live.calls === 0) {
    return (
      <Card>
        <EmptyState
          icon={<IconChartLine />}
          title={t('overview.empty_title')}
          action={<FirstCallLink />}
        >
          {t('overview.empty_text')}
        </EmptyState>
      </Card>
    );
  }
  const against = period && {
    from: addDays(period.from, -dayCount(period)),
    until: addDays(period.from, -1),
  };
  return (
    <>
      <LiveNow live={overview.live} />
      <Totals overview={overview} against={against && words.span(against.from, against.until)} />
      <DayCharts days={overview.days} />
      <HourMap hours={overview.hours} />
      <div className={styles.pair}>
        <TopLists overview={overview} />
      </div>
    </>
  );
}
