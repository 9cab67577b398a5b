import { VisuallyHidden } from '@mantine/core';
import type { CSSProperties, ReactNode } from 'react';
import '@mantine/core/styles/VisuallyHidden.layer.css';
import { useTranslation } from 'react-i18next';
import { IconPlayerSkipForward } from '../../icons';
import styles from './SpeechLanes.module.css';
import { nextWords, type Span, type SpeechLane, spokenMs } from './speech';
import { clockText } from './tracks';

export interface SpeechLanesProps {
  lanes: readonly SpeechLane[];
  lengthMs: number;
  positionMs: number;
  onSeek: (ms: number) => void;
}

/** Who was there and who spoke when, below a picture of everybody. */
export function SpeechLanes({ lanes, lengthMs, positionMs, onSeek }: SpeechLanesProps): ReactNode {
  const { t } = useTranslation('recordings');
  const share = (ms: number) => `${(100 * ms) / Math.max(lengthMs, 1)}%`;
  const place = ({ startMs, endMs }: Span) => ({
    insetInlineStart: share(startMs),
    inlineSize: share(endMs - startMs),
  });
  return (
    <section className={styles.speech} aria-label={t('speech.heading')}>
      <h3 className={styles.heading}>{t('speech.heading')}</h3>
      <ul className={styles.lanes} style={{ '--at': share(positionMs) } as CSSProperties}>
        {lanes.map((lane) => {
          const next = nextWords(lane, positionMs);
          return (
            <li key={lane.person} className={styles.lane}>
              <div className={styles.person}>
                <span className={styles.name} title={lane.name}>
                  {lane.name}
                </span>
                <span className={styles.spoken} title={t('speech.spoken')}>
                  <VisuallyHidden>{t('speech.spoken')} </VisuallyHidden>
                  {clockText(spokenMs(lane))}
                </span>
                <button
                  type="button"
                  className="icon-button"
                  aria-label={t('speech.next', { name: lane.name })}
                  title={t('speech.next', { name: lane.name })}
                  disabled={next === null}
                  onClick={() => next !== null && onSeek(next)}
                >
                  <IconPlayerSkipForward aria-hidden="true" />
                </button>
              </div>
              {/* For the mouse; the keyboard has the slider and the button beside it. */}
              <button
                type="button"
                className={styles.strip}
                tabIndex={-1}
                aria-hidden="true"
                onClick={({ clientX, currentTarget }) => {
                  const { left, width } = currentTarget.getBoundingClientRect();
                  onSeek(((clientX - left) / Math.max(width, 1)) * lengthMs);
                }}
              >
                {lane.stays.map((span) => (
                  <span key={span.startMs} className={styles.stay} style={place(span)} />
                ))}
                {lane.spoke.map((span) => (
                  <span key={span.startMs} className={styles.spoke} style={place(span)} />
                ))}
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
