import { Button } from '@mantine/core';
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { IconMaximize, IconPause, IconPlay, IconVolume, IconVolumeOff } from '../../icons';
import { Card } from '../../parts/Card';
import { FilterSelect } from '../../parts/FilterSelect';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { FULL, Lanes, type Loudness } from './Lanes';
import styles from './Player.module.css';
import { SpeechLanes } from './SpeechLanes';
import { TrackMedia } from './TrackMedia';
import { clockText, lanesOf, type Recorded, type Track, tracksOf } from './tracks';
import { usePlayback } from './usePlayback';
import { useSpeech } from './useSpeech';
import { type MakeLinks, useTrackLinks } from './useTrackLinks';

/** How far an arrow key goes, milliseconds. */
const STEP_MS = 5_000;
const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];
const USUAL_SPEED = 1;

export interface PlayerProps {
  recording: Recorded;
  /** A picture of it, shown until it plays. */
  poster?: string | undefined;
  makeLinks: MakeLinks;
}

/** Plays a recording: the picture or sound of everybody, or all tracks on one clock. */
export function Player({ recording, poster, makeLinks }: PlayerProps): ReactNode {
  const { t, i18n } = useTranslation('recordings');
  const tracks = useMemo(() => tracksOf(recording), [recording]);
  const lanes = useMemo(() => lanesOf(tracks), [tracks]);
  const lengthMs = Math.max(recording.duration_ms ?? 0, ...tracks.map(({ endMs }) => endMs));
  const { playback, state } = usePlayback(lengthMs);
  // A picture of everybody: who spoke when stands in the log beside it.
  const isWhole = lanes.every(({ person }) => person === '');
  const log = isWhole ? recording.files.find(({ role }) => role === 'events') : undefined;
  const linked = useMemo(() => (log ? [...tracks, log] : tracks), [tracks, log]);
  const { links, error, broken, renew, onFailed } = useTrackLinks(linked, makeLinks);
  const speech = useSpeech(log && links.get(log.id)?.url, lengthMs);
  const canvas = useRef<HTMLDivElement>(null);
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
          ref={canvas}
          className={styles.canvas}
          data-count={Math.min(pictures.length, 9)}
          data-whole={isWhole}
          data-still={links.size === 0 && poster !== undefined}
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
          {links.size === 0 && poster && <img className={styles.still} src={poster} alt="" />}
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
            pictures.length === 0 && (
              <p className={styles.none}>
                {tracks.some(({ isVideo }) => isVideo)
                  ? t('player.no_picture')
                  : t('player.sound_only')}
              </p>
            )
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
          <span className={styles.speed}>
            <FilterSelect
              label={t('player.speed')}
              value={speed === USUAL_SPEED ? undefined : String(speed)}
              options={SPEEDS.map((value) => ({
                value: value === USUAL_SPEED ? '' : String(value),
                label: `${new Intl.NumberFormat(i18n.language).format(value)}×`,
              }))}
              onChoose={(value) => playback.setSpeed(Number(value ?? USUAL_SPEED))}
            />
          </span>
          {isWhole && (
            <WholeControls
              loudness={loudness.get('') ?? FULL}
              onLoudness={(one) => setLoudness(new Map([['', one]]))}
              {...(pictures.length > 0 && {
                onFullscreen: () => canvas.current?.requestFullscreen().catch(() => undefined),
              })}
            />
          )}
        </Controls>
        {error && <ProblemNotice title={t('player.no_links')} error={error} />}
        {broken.size > 0 && (
          <p className={styles.broken} role="alert">
            {t('player.broken', { count: broken.size })}
          </p>
        )}
        {isWhole ? (
          speech.length > 0 && (
            <SpeechLanes lanes={speech} lengthMs={lengthMs} positionMs={positionMs} onSeek={seek} />
          )
        ) : (
          <Lanes
            lanes={lanes}
            lengthMs={lengthMs}
            positionMs={positionMs}
            loudness={loudness}
            onLoudness={(person, one) => setLoudness(new Map([...loudness, [person, one]]))}
            onSeek={seek}
          />
        )}
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

/** How loud the whole call is, and its picture on the whole screen. */
function WholeControls({
  loudness: { volume, isMuted },
  onLoudness,
  onFullscreen,
}: {
  loudness: Loudness;
  onLoudness: (loudness: Loudness) => void;
  onFullscreen?: () => void;
}): ReactNode {
  const { t } = useTranslation('recordings');
  return (
    <>
      <button
        type="button"
        className="icon-button"
        aria-pressed={isMuted}
        aria-label={t('player.mute_all')}
        title={t('player.mute_all')}
        onClick={() => onLoudness({ volume, isMuted: !isMuted })}
      >
        {isMuted ? <IconVolumeOff aria-hidden="true" /> : <IconVolume aria-hidden="true" />}
      </button>
      <input
        type="range"
        className={styles.volume}
        data-own-keys
        aria-label={t('player.volume_all')}
        min={0}
        max={100}
        value={isMuted ? 0 : Math.round(volume * 100)}
        onChange={(event) =>
          onLoudness({ volume: Number(event.currentTarget.value) / 100, isMuted: false })
        }
      />
      {onFullscreen && (
        <button
          type="button"
          className="icon-button"
          aria-label={t('player.fullscreen')}
          title={t('player.fullscreen')}
          onClick={onFullscreen}
        >
          <IconMaximize aria-hidden="true" />
        </button>
      )}
    </>
  );
}
