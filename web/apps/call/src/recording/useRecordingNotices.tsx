import type { RecordingView } from '@jumpa/sdk';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { IconAlertTriangle, IconPlayerStop } from '../icons';
import { useRoom } from '../session/RoomContext';
import { useAnnounce } from '../toasts/Announcer';
import { useToasts } from '../toasts/ToastContext';
import { isPending } from './recordings';
import { failureWords } from './recordingWords';
import { useRecordedBy } from './useRecordedBy';

/** Long enough to read why something failed and what to do, milliseconds. */
const FAILURE_MS = 12_000;

/** Announces that the call is recorded or about to be; shows that a recording ended, and why. */
export function useRecordingNotices(): void {
  const room = useRoom();
  const { t } = useTranslation();
  const { show } = useToasts();
  const announce = useAnnounce();
  const recordedBy = useRecordedBy();

  useEffect(() => {
    const told = new Map<string, RecordingView['state']>();
    // From the state, not from events: who joins or comes back is told of what runs already.
    const tell = () => {
      for (const recording of room.state.recordings) {
        const last = told.get(recording.id);
        told.set(recording.id, recording.state);
        if (recording.state === 'active' && last !== 'active') announce(recordedBy(recording));
        if (isPending(recording) && last === undefined) announce(t('recording.starting'));
      }
    };
    tell();
    const stops = [
      room.subscribe(tell),
      room.on('recordingStopped', () => {
        const text = t('recording.stopped');
        show({ text, icon: <IconPlayerStop />, group: 'recording' });
        announce(text);
      }),
      room.on('recordingFailed', ({ recording, failure }) => {
        const isModerator = room.state.participants.some((one) => one.isLocal && one.isModerator);
        // A recording that nobody saw coming concerns those who may have asked for it.
        if (!isModerator && !told.has(recording.id)) return;
        const title =
          recording.startedAtMs === null ? t('recording.not_started') : t('recording.ended_early');
        const { key, tone } = failureWords(failure);
        const icon = tone === 'info' ? <IconPlayerStop /> : <IconAlertTriangle />;
        const look = { tone, icon, group: 'recording', durationMs: FAILURE_MS };
        // Reasons are for those who can do something about them.
        show(isModerator ? { ...look, title, text: t(key) } : { ...look, text: title });
        announce(isModerator ? `${title}. ${t(key)}` : title);
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [room, t, show, announce, recordedBy]);
}
