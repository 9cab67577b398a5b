import { Notice } from '@jumpa/ui';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { mediaHelpKeys } from '../devices/mediaHelp';
import { IconMicrophoneOff, IconVideoOff } from '../icons';
import { useLocalMedia, useRoom } from '../session/RoomContext';

/** Why camera or microphone did not start, and what to do about it. */
export function MediaNotices(): ReactNode {
  const { t } = useTranslation();
  const room = useRoom();
  const { microphone, camera } = useLocalMedia();
  // One and the same cause is told once.
  const isShared =
    microphone.error !== undefined &&
    microphone.error === camera.error &&
    microphone.error !== 'device_missing' &&
    microphone.error !== 'device_busy' &&
    microphone.error !== 'unknown';
  const sources = (['camera', 'microphone'] as const).filter(
    (source) => !(isShared && source === 'microphone'),
  );
  return sources.map((source) => {
    const state = source === 'camera' ? camera : microphone;
    if (!state.error || state.isOn) return null;
    const keys = mediaHelpKeys(state.error, source, navigator.userAgent);
    const retry = () => {
      // A new failure replaces this notice.
      if (source === 'camera' || isShared) room.local.setCamera(true).catch(() => undefined);
      if (source === 'microphone' || isShared) {
        room.local.setMicrophone(true).catch(() => undefined);
      }
    };
    return (
      <Notice
        key={source}
        tone="attention"
        icon={source === 'camera' ? <IconVideoOff /> : <IconMicrophoneOff />}
        title={String(t(keys.title))}
        actions={
          <Button size="xs" variant="default" loading={state.isPending} onClick={retry}>
            {t('common.try_again')}
          </Button>
        }
      >
        <p>{String(t(keys.help))}</p>
        {source === 'microphone' && state.error === 'device_missing' && (
          <p>{t('prejoin.mic_missing')}</p>
        )}
      </Notice>
    );
  });
}
