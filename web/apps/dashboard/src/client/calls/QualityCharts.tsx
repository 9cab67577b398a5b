import { useMediaQuery } from '@mantine/hooks';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Direction, QualityCourse } from '../../api/calls';
import { ChartCard, Legend } from '../../parts/chart/ChartCard';
import { FilterSelect } from '../../parts/FilterSelect';
import { Section } from '../../parts/Section';
import { useNumberWords } from '../../parts/useNumberWords';
import styles from './CallPage.module.css';
import { courseOf, type Measure, stepsOf } from './qualityCourse';
import type { Timeline } from './timeline';

const GROUP = 'call-quality';
/** More lines than this in one chart cannot be told apart. */
const MOST_LINES = 8;
/** The width of the names of the timeline above, so that both axes begin at one place, pixels. */
const LANE_GUTTER = 172;
const MEASURES: readonly Measure[] = ['loss', 'round_trip', 'bitrate', 'frame_rate'];

export interface QualityChartsProps {
  timeline: Timeline;
  quality: readonly QualityCourse[];
  zone: string | undefined;
  /** Whom the charts are about; everybody without. */
  chosen: string | null;
  onChoose: (participantId: string | null) => void;
}

/** The media of the participants on the time axis of the call. */
export function QualityCharts({
  timeline,
  quality,
  zone,
  chosen,
  onChoose,
}: QualityChartsProps): ReactNode {
  const { t, i18n } = useTranslation('numbers');
  const words = useNumberWords();
  const isWide = useMediaQuery('(min-width: 720px)', true);
  const [direction, setDirection] = useState<Direction>('received');
  const { from, until, lanes } = timeline;

  const measured = useMemo(() => {
    const courses = new Map(quality.map((course) => [course.participant_id, course]));
    return lanes.flatMap(({ participant }) => {
      const course = courses.get(participant.participant_id);
      return course ? [{ name: participant.name, mos: participant.mos, course }] : [];
    });
  }, [lanes, quality]);
  const shown = useMemo(
    () =>
      chosen === null
        ? // Whoever had it worst is why somebody looks here.
          [...measured].sort((a, b) => (a.mos ?? 5) - (b.mos ?? 5)).slice(0, MOST_LINES)
        : measured.filter(({ course }) => course.participant_id === chosen),
    [measured, chosen],
  );
  const data = useMemo(() => {
    const steps = stepsOf(from, until);
    const clock = (options: Intl.DateTimeFormatOptions) => {
      const format = new Intl.DateTimeFormat(i18n.language, {
        hourCycle: 'h23',
        ...options,
        ...(zone && { timeZone: zone }),
      });
      return Array.from({ length: steps.count }, (_, step) =>
        format.format(from + step * steps.length_ms),
      );
    };
    const seriesOf = (measure: Measure) =>
      shown.map(({ name, course }) => ({
        name,
        values: courseOf(course, direction, measure, steps),
      }));
    return {
      steps: clock({ timeStyle: 'medium' }),
      marks: clock({ hour: '2-digit', minute: '2-digit' }),
      series: {
        loss: seriesOf('loss'),
        round_trip: seriesOf('round_trip'),
        bitrate: seriesOf('bitrate'),
        frame_rate: seriesOf('frame_rate'),
      },
    };
  }, [from, until, shown, direction, i18n.language, zone]);

  if (measured.length === 0) return null;
  const formats: Record<Measure, (value: number) => string> = {
    loss: words.share,
    round_trip: words.milliseconds,
    bitrate: words.bitrate,
    frame_rate: words.count,
  };
  return (
    <Section
      title={t('media.heading')}
      lead={
        chosen === null && measured.length > MOST_LINES
          ? t('media.worst', { count: MOST_LINES })
          : undefined
      }
      action={
        <div className={styles.choices}>
          <FilterSelect
            label={t('media.who')}
            value={chosen ?? undefined}
            options={[
              { value: '', label: t('media.everybody') },
              ...measured.map(({ name, course }) => ({
                value: course.participant_id,
                label: name,
              })),
            ]}
            onChoose={(id) => onChoose(id ?? null)}
          />
          <FilterSelect
            label={t('media.direction')}
            value={direction === 'sent' ? 'sent' : undefined}
            options={[
              { value: '', label: t('media.received') },
              { value: 'sent', label: t('media.sent') },
            ]}
            onChoose={(value) => setDirection(value === 'sent' ? 'sent' : 'received')}
          />
        </div>
      }
    >
      {shown.length > 1 && <Legend names={shown.map(({ name }) => name)} />}
      <div className={styles.charts}>
        {MEASURES.map((measure) => (
          <ChartCard
            key={measure}
            title={t(`media.${measure}`)}
            lead={t(`media.${measure}_lead`)}
            kind="lines"
            height="low"
            axis={t('media.time')}
            steps={data.steps}
            marks={data.marks}
            series={data.series[measure]}
            format={formats[measure]}
            group={GROUP}
            isLegendAbove
            {...(isWide && { gutter: LANE_GUTTER })}
          />
        ))}
      </div>
    </Section>
  );
}
