import { useEffect, useState, useSyncExternalStore } from 'react';
import { Playback, type PlaybackState } from './playback';

/** How often the tracks are held to the clock, milliseconds: drift is seen before it is heard. */
const TICK_MS = 100;

/** A playback that lives as long as the page, and where it is. */
export function usePlayback(lengthMs: number): {
  readonly playback: Playback;
  readonly state: PlaybackState;
} {
  const [playback] = useState(() => new Playback({ lengthMs, now: () => performance.now() }));
  const state = useSyncExternalStore(
    (listener) => playback.subscribe(listener),
    () => playback.state,
  );
  const { isPlaying } = state;
  useEffect(() => {
    if (!isPlaying) return;
    const timer = window.setInterval(() => playback.tick(), TICK_MS);
    return () => window.clearInterval(timer);
  }, [playback, isPlaying]);
  return { playback, state };
}
