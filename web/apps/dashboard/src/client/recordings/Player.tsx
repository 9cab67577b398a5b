import { Button } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconPause, IconPlay } from '../../icons';
import { Card } from '../../parts/Card';
import { FilterSelect } from '../../parts/FilterSelect';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { FULL, Lanes, type Loudness } from './Lanes';
import styles from './Player.module.css';
import { TrackMedia } from './TrackMedia';
import { clockText, lanesOf, type Recorded, type Track, tracksOf } from './tracks';
import { usePlayback } from './usePlayback';
import { type MakeLinks, useTrackLinks } from './useTrackLinks';

/** How far an arrow key goes, milliseconds. */
const STEP_MS = 5_000;
const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];

export interface PlayerProps {
  recording: Recorded;
  makeLinks: MakeLinks;
}

/** Plays all tracks of a recording on one clock. */
export function Player({ recording, makeLinks }: PlayerProps): ReactNode {
  const { t, i18n } = useTranslation('recordings');
  const tracks = useMemo(() => tracksOf(recording), [recording]);
  const lanes = useMemo(() => lanesOf(tracks), [tracks]);
  const lengthMs = Math.max(recording.duration_ms ?? 0, ...tracks.map(({ endMs }) => endMs));
  const { playback, state } = usePlayback(lengthMs);
  const { links, error, broken, renew, onFailed } = useTrackLinks(tracks, makeLinks);
  const [loudness, setLoudness] = useState<ReadonlyMap<string, Loudness>>(new Map());
  const [isAsking, setAsking] = useState(false);
  const { positionMs, isPlaying, isWaiting, speed } = state;
  // Once in a second is enough to see that links end.
  const second = Math.floor(positionMs / 1_000);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the second is what makes it look again
  useEffect(() => {
    if (isPlaying) renew().catch(() => undefined);
  }, [isPlaying, second]);

  const toggle = async () => {
    if (isPlaying) return playback.pause();
    setAsking(true);
    const hasLinks = await renew();
    setAsking(false);
    if (hasLinks) playback.play();
  };
  const seek = (ms: number) => playback.seek(ms);
  const onKeyDown = (event: KeyboardEvent) => {
    const on = event.target as HTMLElement;
    const isField = on.matches('select, input[type="range"][data-own-keys]');
    const by = { ArrowLeft: -STEP_MS, ArrowRight: STEP_MS }[event.key];
    if (by !== undefined && !isField) {
      event.preventDefault();
      seek(positionMs + by);
    } else if (event.key === ' ' && !on.matches('button, select')) {
      event.preventDefault();
      toggle().catch(() => undefined);
    }
  };
  const isDue = ({ startMs, endMs }: Track) => startMs <= positionMs && positionMs < endMs;
  const pictures = tracks.filter((track) => track.isVideo && isDue(track) && !broken.has(track.id));
  const time = t('player.time', { at: clockText(positionMs), length: clockText(lengthMs) });
  return (
    <Card title={t('player.heading')}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields that are filled in */}
      <div role="group" aria-label={t('player.heading')} onKeyDown={onKeyDown}>
        <div
          className={styles.canvas}
          data-count={Math.min(pictures.length, 9)}
          data-has-stage={pictures.some(({ source }) => source === 'screen')}
        >
          {tracks.map((track) => {
            const link = links.get(track.id);
            const { volume, isMuted } = loudness.get(track.person) ?? FULL;
            return (
              link &&
              !broken.has(track.id) && (
                <TrackMedia
                  key={track.id}
                  track={track}
                  playback={playback}
                  src={link.url}
                  isDue={isDue(track)}
                  volume={isMuted ? 0 : volume}
                  onFailed={() => onFailed(track)}
                />
              )
            );
          })}
          {links.size === 0 ? (
            <Button
              size="md"
              leftSection={<IconPlay aria-hidden="true" />}
              loading={isAsking}
              onClick={toggle}
            >
              {t('player.start')}
            </Button>
          ) : (
            pictures.length === 0 && <p className={styles.none}>{t('player.no_picture')}</p>
          )}
          <p className={styles.waiting} role="status">
            {isWaiting && t('player.waiting')}
          </p>
        </div>
        <Controls
          isPlaying={isPlaying}
          isAsking={isAsking}
          positionMs={positionMs}
          lengthMs={lengthMs}
          time={time}
          onToggle={toggle}
          onSeek={seek}
        >
          <FilterSelect
            label={t('player.speed')}
            value={String(speed)}
            options={SPEEDS.map((value) => ({
              value: String(value),
              label: `${new Intl.NumberFormat(i18n.language).format(value)}×`,
            }))}
            onChoose={(value) => playback.setSpeed(Number(value))}
          />
        </Controls>
        {error && <ProblemNotice title={t('player.no_links')} error={error} />}
        {broken.size > 0 && (
          <p className={styles.broken} role="alert">
            {t('player.broken', { count: broken.size })}
          </p>
        )}
        <Lanes
          lanes={lanes}
          lengthMs={lengthMs}
          positionMs={positionMs}
          loudness={loudness}
          onLoudness={(person, one) => setLoudness(new Map([...loudness, [person, one]]))}
          onSeek={seek}
        />
      </div>
    </Card>
  );
}

interface ControlsProps {
  isPlaying: boolean;
  isAsking: boolean;
  positionMs: number;
  lengthMs: number;
  time: string;
  onToggle: () => Promise<void>;
  onSeek: (ms: number) => void;
  children: ReactNode;
}

function Controls({
  isPlaying,
  isAsking,
  positionMs,
  lengthMs,
  time,
  onToggle,
  onSeek,
  children,
}: ControlsProps): ReactNode {
  const { t } = useTranslation('recordings');
  const id = useId();
  return (
    <div className={styles.controls}>
      <button
        type="button"
        className="icon-button"
        aria-label={isPlaying ? t('player.pause') : t('player.play')}
        title={isPlaying ? t('player.pause') : t('player.play')}
        disabled={isAsking}
        onClick={onToggle}
      >
        {isPlaying ? <IconPause aria-hidden="true" /> : <IconPlay aria-hidden="true" />}
      </button>
      <input
        id={id}
        type="range"
        className={styles.seek}
        aria-label={t('player.position')}
        aria-valuetext={time}
        min={0}
        max={lengthMs}
        step={100}
        value={positionMs}
        onChange={(event) => onSeek(Number(event.currentTarget.value))}
      />
      <output htmlFor={id} className={styles.time} aria-live="off">
        {time}
      </output>
      {children}
    </div>
  );
}
