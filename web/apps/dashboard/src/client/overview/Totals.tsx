import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Overview } from '../../api/numbers';
import { KpiCard, type KpiCardProps } from '../../parts/KpiCard';
import { useNumberWords } from '../../parts/useNumberWords';
import styles from './OverviewPage.module.css';

export interface TotalsProps {
  /** `null` while it is being counted. */
  overview: Overview | null;
  /** The period before, in words. */
  against: string | null;
}

/** The numbers of the period, each with its change. */
export function Totals({ overview, against }: TotalsProps): ReactNode {
  const { t } = useTranslation('numbers');
  const words = useNumberWords();
  const now = overview?.totals;
  const before = overview?.previous;
  const days = overview?.days ?? [];
  const none = t('overview.none');
  const share = (value: number | null | undefined) =>
    value === null ? none : value === undefined ? null : words.share(value);
  const cards: readonly KpiCardProps[] = [
    {
      label: t('overview.minutes'),
      value: now ? words.minutes(now.participant_minutes) : null,
      delta: change(now?.participant_minutes, before?.participant_minutes),
      better: 'more',
      course: days.map((day) => day.participant_minutes),
    },
    {
      label: t('overview.participants'),
      value: now ? words.count(now.participants) : null,
      delta: change(now?.participants, before?.participants),
      better: 'more',
      course: days.map((day) => day.participants),
    },
    {
      label: t('overview.calls'),
      value: now ? words.count(now.calls) : null,
      delta: change(now?.calls, before?.calls),
      better: 'more',
      course: days.map((day) => day.calls),
    },
    {
      label: t('overview.peak'),
      value: now ? words.count(now.peak_participants) : null,
      delta: change(now?.peak_participants, before?.peak_participants),
      better: 'more',
      course: days.map((day) => day.peak_participants),
    },
    {
      label: t('overview.active_users'),
      value: now ? words.count(now.monthly_active_users) : null,
      delta: change(now?.monthly_active_users, before?.monthly_active_users),
      better: 'more',
    },
    {
      label: t('overview.one_on_one'),
      value: share(now?.one_on_one_share),
      delta: difference(now?.one_on_one_share, before?.one_on_one_share),
      deltaOf: 'points',
    },
    {
      label: t('overview.good_quality'),
      value: share(now?.good_quality_share),
      delta: difference(now?.good_quality_share, before?.good_quality_share),
      deltaOf: 'points',
      better: 'more',
      course: days.flatMap((day) => day.good_quality_share ?? []),
    },
    {
      label: t('overview.median'),
      value:
        (now && (now.median_duration_s === null ? none : words.length(now.median_duration_s))) ||
        null,
      delta: change(now?.median_duration_s, before?.median_duration_s),
    },
  ];
  return (
    <>
      {against && <p className={styles.against}>{t('overview.against', { span: against })}</p>}
      <ul className={styles.cards} aria-label={t('overview.totals')} aria-busy={!overview}>
        {cards.map((card) => (
          <KpiCard key={card.label} {...card} />
        ))}
      </ul>
    </>
  );
}

/** How much more, as a share of what it was; `null` when there was nothing to compare with. */
function change(now: number | null | undefined, before: number | null | undefined): number | null {
  return typeof now === 'number' && before ? now / before - 1 : null;
}

function difference(
  now: number | null | undefined,
  before: number | null | undefined,
): number | null {
  return typeof now === 'number' && typeof before === 'number' ? now - before : null;
}
