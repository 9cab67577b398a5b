import { Notice } from '@jumpa/ui';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type FailedSource, mediaHelpKeys } from '../devices/mediaHelp';
import { IconMicrophoneOff, IconVideoOff } from '../icons';
import { useLocalMedia, useRoom } from '../session/RoomContext';

/** Why camera or microphone did not start, and what to do about it. */
export function MediaNotices(): ReactNode {
  const { t } = useTranslation();
  const room = useRoom();
  const { microphone, camera } = useLocalMedia();
  const failed = [
    ...(camera.error && !camera.isOn ? ['camera' as const] : []),
    ...(microphone.error && !microphone.isOn ? ['microphone' as const] : []),
  ];
  // One and the same cause is told once.
  const isShared = failed.length === 2 && camera.error === microphone.error;
  const told: readonly FailedSource[] = isShared ? ['both'] : failed;
  return told.map((source) => {
    const error = source === 'microphone' ? microphone.error : camera.error;
    if (!error) return null;
    const keys = mediaHelpKeys(error, source, navigator.userAgent);
    const retry = () => {
      // A new failure replaces this notice.
      if (source !== 'microphone') room.local.setCamera(true).catch(() => undefined);
      if (source !== 'camera') room.local.setMicrophone(true).catch(() => undefined);
    };
    return (
      <Notice
        key={source}
        tone="attention"
        icon={source === 'microphone' ? <IconMicrophoneOff /> : <IconVideoOff />}
        title={String(t(keys.title))}
        actions={
          <Button
            size="xs"
            variant="default"
            loading={camera.isPending || microphone.isPending}
            onClick={retry}
          >
            {t('common.try_again')}
          </Button>
        }
      >
        <p>{String(t(keys.help))}</p>
        {source !== 'camera' && error === 'device_missing' && <p>{t('prejoin.mic_missing')}</p>}
      </Notice>
    );
  });
}
