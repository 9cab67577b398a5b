import type { CSSProperties, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconVolume, IconVolumeOff } from '../../icons';
import styles from './Lanes.module.css';
import { clockText, type Lane, SOURCES, type Source } from './tracks';

/** How loud somebody is played. */
export interface Loudness {
  /** 0 to 1. */
  readonly volume: number;
  readonly isMuted: boolean;
}
export const FULL: Loudness = { volume: 1, isMuted: false };

export interface LanesProps {
  lanes: readonly Lane[];
  lengthMs: number;
  positionMs: number;
  loudness: ReadonlyMap<string, Loudness>;
  onLoudness: (person: string, loudness: Loudness) => void;
  onSeek: (ms: number) => void;
}

/** The sources that a lane has, in the order of the legend. */
function rowsOf(tracks: Lane['tracks']): readonly Source[] {
  const has = new Set(tracks.map(({ source }) => source ?? 'camera'));
  return SOURCES.filter((source) => has.has(source));
}

/** Who sent what when: a lane for each person, with how loud they are played. */
export function Lanes({
  lanes,
  lengthMs,
  positionMs,
  loudness,
  onLoudness,
  onSeek,
}: LanesProps): ReactNode {
  const { t } = useTranslation('recordings');
  const share = (ms: number) => `${(100 * ms) / Math.max(lengthMs, 1)}%`;
  return (
    <>
      <ul className={styles.legend} aria-label={t('player.legend')}>
        {SOURCES.filter((source) => source !== 'screen_audio').map((source) => (
          <li key={source}>
            <span className={styles.sign} data-source={source} aria-hidden="true" />
            {t(`source.${source}`)}
          </li>
        ))}
      </ul>
      <ul className={styles.lanes} style={{ '--at': share(positionMs) } as CSSProperties}>
        {lanes.map(({ person, name, tracks }) => {
          const { volume, isMuted } = loudness.get(person) ?? FULL;
          const who = name || t('role.composite');
          const rows = rowsOf(tracks);
          return (
            <li key={person} className={styles.lane}>
              <div className={styles.person}>
                <span className={styles.name} title={who}>
                  {who}
                </span>
                <button
                  type="button"
                  className="icon-button"
                  aria-pressed={isMuted}
                  aria-label={t('player.mute', { name: who })}
                  title={t('player.mute', { name: who })}
                  onClick={() => onLoudness(person, { volume, isMuted: !isMuted })}
                >
                  {isMuted ? (
                    <IconVolumeOff aria-hidden="true" />
                  ) : (
                    <IconVolume aria-hidden="true" />
                  )}
                </button>
                <input
                  type="range"
                  className={styles.volume}
                  data-own-keys
                  aria-label={t('player.volume', { name: who })}
                  min={0}
                  max={100}
                  value={isMuted ? 0 : Math.round(volume * 100)}
                  onChange={(event) =>
                    onLoudness(person, {
                      volume: Number(event.currentTarget.value) / 100,
                      isMuted: false,
                    })
                  }
                />
              </div>
              <div className={styles.strip} style={{ '--rows': rows.length } as CSSProperties}>
                {tracks.map(({ id, source, startMs, endMs }) => (
                  <button
                    key={id}
                    type="button"
                    className={styles.span}
                    style={
                      {
                        '--row': rows.indexOf(source ?? 'camera'),
                        insetInlineStart: share(startMs),
                        inlineSize: share(endMs - startMs),
                      } as CSSProperties
                    }
                    aria-label={t('player.span', {
                      name: who,
                      source: source ? t(`source.${source}`) : t('role.composite'),
                      from: clockText(startMs),
                      until: clockText(endMs),
                    })}
                    onClick={() => onSeek(startMs)}
                  >
                    <span className={styles.bar} data-source={source ?? 'camera'} />
                  </button>
                ))}
              </div>
            </li>
          );
        })}
      </ul>
    </>
  );
}
