import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { OverviewDay } from '../../api/numbers';
import { ChartBone, ChartCard } from '../../parts/chart/ChartCard';
import { useNumberWords } from '../../parts/useNumberWords';
import styles from './OverviewPage.module.css';

/** The charts of one screen show the same day at the same time. */
const GROUP = 'overview-days';

/** Stands for the charts until their numbers are there. */
export function DayChartBones(): ReactNode {
  const { t } = useTranslation('numbers');
  return (
    <div className={styles.pair}>
      <ChartBone title={t('overview.minutes_by_day')} />
      <ChartBone title={t('overview.calls_by_day')} />
      <ChartBone title={t('overview.people_by_day')} />
      <ChartBone title={t('overview.quality_by_day')} />
    </div>
  );
}

export interface DayChartsProps {
  days: readonly OverviewDay[];
}

/** The course of the period, day by day. */
export function DayCharts({ days }: DayChartsProps): ReactNode {
  const { t } = useTranslation('numbers');
  const words = useNumberWords();
  const data = useMemo(() => {
    const values = (of: (day: OverviewDay) => number | null) => days.map(of);
    return {
      steps: days.map(({ date }) => words.day(date)),
      marks: days.map(({ date }) => words.shortDay(date)),
      minutes: [{ name: t('overview.minutes'), values: values((day) => day.participant_minutes) }],
      calls: [{ name: t('overview.calls'), values: values((day) => day.calls) }],
      people: [
        { name: t('overview.participants'), values: values((day) => day.participants) },
        { name: t('overview.peak'), values: values((day) => day.peak_participants) },
      ],
      quality: [
        { name: t('overview.good_quality'), values: values((day) => day.good_quality_share) },
      ],
    };
  }, [days, t, words]);
  const common = {
    axis: t('overview.day'),
    steps: data.steps,
    marks: data.marks,
    group: GROUP,
  };
  return (
    <div className={styles.pair}>
      <ChartCard
        {...common}
        title={t('overview.minutes_by_day')}
        kind="bars"
        series={data.minutes}
        format={words.short}
      />
      <ChartCard
        {...common}
        title={t('overview.calls_by_day')}
        kind="bars"
        series={data.calls}
        format={words.short}
      />
      <ChartCard
        {...common}
        title={t('overview.people_by_day')}
        kind="lines"
        series={data.people}
        format={words.short}
      />
      <ChartCard
        {...common}
        title={t('overview.quality_by_day')}
        kind="lines"
        series={data.quality}
        format={words.share}
        max={1}
      />
    </div>
  );
}
