import { useEffect, useState } from 'react';
import { type SpeechLane, speechOf } from './speech';

/** Who spoke when, from the log of events at an address; nothing where it cannot be read. */
export function useSpeech(url: string | undefined, lengthMs: number): readonly SpeechLane[] {
  const [lanes, setLanes] = useState<readonly SpeechLane[]>([]);
  const isRead = lanes.length > 0;
  useEffect(() => {
    if (url === undefined || isRead) return;
    const stop = new AbortController();
    fetch(url, { signal: stop.signal })
      .then((answer) => (answer.ok ? answer.text() : ''))
      .then((log) => setLanes(speechOf(log, lengthMs)))
      // The recording plays without it just as well.
      .catch(() => undefined);
    return () => stop.abort();
  }, [url, isRead, lengthMs]);
  return lanes;
}
