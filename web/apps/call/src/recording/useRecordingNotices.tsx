import type { RecordingView, StreamView } from '@jumpa/sdk';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { IconAlertTriangle, IconBroadcast, IconPlayerStop } from '../icons';
import { useRoom } from '../session/RoomContext';
import { useAnnounce } from '../toasts/Announcer';
import { useToasts } from '../toasts/ToastContext';
import { isPending, isStream } from './recordings';
import { failureWords, streamFailureKey } from './recordingWords';
import { useQueueWords } from './useQueueWords';
import { useRecordedBy } from './useRecordedBy';

/** Long enough to read why something failed and what to do, milliseconds. */
const FAILURE_MS = 12_000;

/**
 * Announces that the call is recorded, shown outside or about to be; shows that it ended, and why, and
 * how streams go.
 */
export function useRecordingNotices(): void {
  const room = useRoom();
  const { t } = useTranslation();
  const { show } = useToasts();
  const announce = useAnnounce();
  const recordedBy = useRecordedBy();
  const queueWords = useQueueWords();

  useEffect(() => {
    const told = new Map<string, RecordingView['state']>();
    const streams = new Map<string, StreamView['state']>();
    const soundOnly = new Set<string>();
    const isModerator = () => room.state.participants.some((one) => one.isLocal && one.isModerator);
    const tellStream = (stream: StreamView) => {
      const { id, name, state, failure } = stream;
      const last = streams.get(id);
      streams.set(id, state);
      if (last === undefined || last === state) return;
      const look = { icon: <IconBroadcast />, group: `stream ${id}` };
      if (state === 'live') {
        const text =
          last === 'connecting'
            ? t('recording.stream.went_live', { name })
            : t('recording.stream.came_back', { name });
        if (last === 'connecting' || isModerator()) show({ ...look, text });
        announce(text);
      } else if ((state === 'reconnecting' || state === 'refused') && isModerator()) {
        const title = t('recording.stream.broke', { name });
        const text = t(streamFailureKey(failure ?? 'connection_lost'));
        show({ ...look, tone: 'danger', title, text, durationMs: FAILURE_MS });
        announce(`${title}. ${text}`);
      }
    };
    const tellSoundOnly = ({ id }: RecordingView) => {
      if (soundOnly.has(id)) return;
      soundOnly.add(id);
      if (!isModerator()) return;
      const title = t('recording.sound_only');
      const text = t('recording.sound_only_next');
      const look = { tone: 'attention', icon: <IconAlertTriangle /> } as const;
      show({ ...look, title, text, group: 'recording', durationMs: FAILURE_MS });
      announce(`${title}. ${text}`);
    };
    // From the state, not from events: who joins or comes back is told of what runs already.
    const tell = () => {
      for (const recording of room.state.recordings) {
        const last = told.get(recording.id);
        told.set(recording.id, recording.state);
        if (recording.state === 'active' && last !== 'active') announce(recordedBy(recording));
        if (isPending(recording) && last === undefined) announce(queueWords(recording));
        if (recording.isSoundOnly) tellSoundOnly(recording);
        for (const stream of recording.streams) tellStream(stream);
      }
    };
    tell();
    const stops = [
      room.subscribe(tell),
      room.on('recordingStopped', ({ recording }) => {
        const text = isStream(recording) ? t('recording.live_stopped') : t('recording.stopped');
        show({ text, icon: <IconPlayerStop />, group: 'recording' });
        announce(text);
      }),
      room.on('recordingFailed', ({ recording, failure }) => {
        // A recording that nobody saw coming concerns those who may have asked for it.
        if (!isModerator() && !told.has(recording.id)) return;
        const title =
          recording.startedAtMs === null ? t('recording.not_started') : t('recording.ended_early');
        const { key, tone } = failureWords(failure);
        const icon = tone === 'info' ? <IconPlayerStop /> : <IconAlertTriangle />;
        const look = { tone, icon, group: 'recording', durationMs: FAILURE_MS };
        // Reasons are for those who can do something about them.
        show(isModerator() ? { ...look, title, text: t(key) } : { ...look, text: title });
        announce(isModerator() ? `${title}. ${t(key)}` : title);
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [room, t, show, announce, recordedBy, queueWords]);
}
