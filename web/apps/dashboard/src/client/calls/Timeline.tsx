import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TableToggle } from '../../parts/chart/ChartCard';
import { useNumberWords } from '../../parts/useNumberWords';
import { leaveText } from './callEvents';
import styles from './Timeline.module.css';
import { type Lane, placeOf, SPAN_KINDS, type Span, type Timeline, ticksOf } from './timeline';

/** Times on the axis: so many have room on a phone. */
const MOST_TICKS = 5;
/** So near an end of the axis, as a share of it, a name has no room around its line. */
const EDGE = 0.06;

export interface TimelineCardProps {
  timeline: Timeline;
  /** IANA name of the clock of the axis. */
  zone: string | undefined;
  /** Whom the charts below are about. */
  chosen: string | null;
  onChoose: (participantId: string | null) => void;
}

/**
 * A call as a score: people are lanes, bars say when they were in, what they sent and when they
 * were cut off. Tab goes from lane to lane, the arrows move along one.
 */
export function TimelineCard({ timeline, zone, chosen, onChoose }: TimelineCardProps): ReactNode {
  const { t, i18n } = useTranslation('numbers');
  const [shown, setShown] = useState('');
  const clock = new Intl.DateTimeFormat(i18n.language, {
    timeStyle: 'medium',
    hourCycle: 'h23',
    ...(zone && { timeZone: zone }),
  });
  const tickClock = new Intl.DateTimeFormat(i18n.language, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(timeline.until - timeline.from < 300_000 && { second: '2-digit' }),
    ...(zone && { timeZone: zone }),
  });
  const words = useSpanWords((at) => clock.format(at));
  const ticks = ticksOf(timeline, MOST_TICKS);
  const percent = (at: number) => `${placeOf(at, timeline) * 100}%`;
  return (
    <TableToggle
      title={t('timeline.heading')}
      lead={t('timeline.lead')}
      table={<TimelineTable timeline={timeline} clock={(at) => clock.format(at)} />}
    >
      <ul className={styles.legend} aria-hidden="true">
        {SPAN_KINDS.map((kind) => (
          <li key={kind}>
            <span className={styles.sign} data-kind={kind} />
            {t(`timeline.${kind}`)}
          </li>
        ))}
      </ul>
      <ul className={styles.lanes}>
        {timeline.lanes.map((lane) => (
          <li key={lane.participant.participant_id} className={styles.lane}>
            <button
              type="button"
              className={styles.name}
              aria-pressed={chosen === lane.participant.participant_id}
              onClick={() =>
                onChoose(
                  chosen === lane.participant.participant_id
                    ? null
                    : lane.participant.participant_id,
                )
              }
            >
              {lane.participant.name}
            </button>
            {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields that are filled in */}
            <div
              className={styles.track}
              role="group"
              aria-label={t('timeline.of', { name: lane.participant.name })}
              onKeyDown={moveAlong}
              onPointerLeave={() => setShown('')}
            >
              {ticks.map((tick) => (
                <span
                  key={tick}
                  className={styles.grid}
                  style={{ insetInlineStart: percent(tick) }}
                />
              ))}
              {lane.spans.map((span, index) => {
                const text = words(lane, span);
                return (
                  <button
                    key={`${span.kind} ${span.from}`}
                    type="button"
                    className={styles.span}
                    data-kind={span.kind}
                    tabIndex={index === 0 ? 0 : -1}
                    aria-label={text}
                    style={{
                      insetInlineStart: percent(span.from),
                      inlineSize: `${(placeOf(span.until, timeline) - placeOf(span.from, timeline)) * 100}%`,
                    }}
                    onPointerEnter={() => setShown(text)}
                    onFocus={() => setShown(text)}
                    onBlur={() => setShown('')}
                  />
                );
              })}
            </div>
          </li>
        ))}
      </ul>
      <div className={styles.axis} aria-hidden="true">
        {ticks.map((tick) => (
          <span
            key={tick}
            // A name in the middle of its line would be cut off at the ends of the axis.
            data-edge={edgeOf(placeOf(tick, timeline))}
            style={{ insetInlineStart: percent(tick) }}
          >
            {tickClock.format(tick)}
          </span>
        ))}
      </div>
      <p className={styles.shown} aria-hidden="true">
        {shown || t('timeline.hint')}
      </p>
    </TableToggle>
  );
}

function edgeOf(place: number): 'start' | 'end' | undefined {
  if (place < EDGE) return 'start';
  return place > 1 - EDGE ? 'end' : undefined;
}

function useSpanWords(clock: (at: number) => string): (lane: Lane, span: Span) => string {
  const { t } = useTranslation('numbers');
  const words = useNumberWords();
  return ({ participant }, { kind, from, until, isOpen, reason }) => {
    const what = t('timeline.span', {
      name: participant.name,
      what: t(`timeline.${kind}`),
      from: clock(from),
      until: isOpen ? t('timeline.end') : clock(until),
      length: words.length((until - from) / 1_000),
    });
    return reason === null || reason === 'left' ? what : `${what}. ${leaveText(reason, t)}`;
  };
}

function TimelineTable({
  timeline,
  clock,
}: {
  timeline: Timeline;
  clock: (at: number) => string;
}): ReactNode {
  const { t } = useTranslation('numbers');
  const words = useNumberWords();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields; the card is the landmark
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keyboard
    <div role="group" className={styles.scroller} aria-label={t('timeline.heading')} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('timeline.col_who')}</th>
            <th scope="col">{t('timeline.col_what')}</th>
            <th scope="col">{t('timeline.col_from')}</th>
            <th scope="col">{t('timeline.col_until')}</th>
            <th scope="col">{t('timeline.col_length')}</th>
          </tr>
        </thead>
        <tbody>
          {timeline.lanes.flatMap(({ participant, spans }) =>
            spans.map((span) => (
              <tr key={`${participant.participant_id} ${span.kind} ${span.from}`}>
                <th scope="row">{participant.name}</th>
                <td>{t(`timeline.${span.kind}`)}</td>
                <td>{clock(span.from)}</td>
                <td>{span.isOpen ? t('timeline.end') : clock(span.until)}</td>
                <td>{words.length((span.until - span.from) / 1_000)}</td>
              </tr>
            )),
          )}
        </tbody>
      </table>
    </div>
  );
}

/** One stop of the Tab key per lane; the arrows go on from there. */
function moveAlong(event: KeyboardEvent<HTMLDivElement>): void {
  const spans = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
  const at = spans.indexOf(event.target as HTMLElement);
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: spans.length - 1 }[event.key];
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  spans[Math.min(Math.max(next, 0), spans.length - 1)]?.focus();
}
