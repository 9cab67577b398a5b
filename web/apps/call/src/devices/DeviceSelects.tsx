import { NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconMicrophone, IconVideo, IconVolume } from '../icons';
import { useDevices, useLocalMedia } from '../session/RoomContext';
import styles from './DeviceSelects.module.css';
import { deviceName } from './deviceName';
import { MicrophoneMeter } from './MicrophoneMeter';
import { SpeakerTest } from './SpeakerTest';
import { type DeviceKind, useDeviceChoice } from './useDeviceChoice';

const ICONS = { microphone: IconMicrophone, camera: IconVideo, speaker: IconVolume } as const;

export interface DeviceSelectsProps {
  withSpeakerTest?: boolean;
  withMeter?: boolean;
}

/** Microphone, camera and speaker as lists to choose from. */
export function DeviceSelects({
  withSpeakerTest = false,
  withMeter = true,
}: DeviceSelectsProps): ReactNode {
  const { t } = useTranslation();
  const devices = useDevices();
  const local = useLocalMedia();
  const { choose, speakerId } = useDeviceChoice();
  const lists = {
    microphone: { options: devices.microphones, chosen: local.microphone.deviceId },
    camera: { options: devices.cameras, chosen: local.camera.deviceId },
    speaker: { options: devices.speakers, chosen: speakerId },
  };
  const select = (kind: DeviceKind) => {
    const { options, chosen } = lists[kind];
    const Icon = ICONS[kind];
    const isEmpty = options.length === 0;
    return (
      <NativeSelect
        label={t(`device.${kind}`)}
        leftSection={<Icon aria-hidden="true" />}
        disabled={isEmpty}
        value={options.some((one) => one.deviceId === chosen) ? (chosen ?? '') : undefined}
        data={
          isEmpty
            ? [{ value: '', label: t(`device.no_${kind}`) }]
            : options.map((device, index) => ({
                value: device.deviceId,
                label: deviceName(device, kind, index, t),
              }))
        }
        onChange={(event) => choose(kind, event.currentTarget.value)}
      />
    );
  };
  return (
    <div className={styles.selects}>
      <div>
        {select('microphone')}
        {withMeter && <MicrophoneMeter />}
      </div>
      {select('camera')}
      <div>
        {select('speaker')}
        {withSpeakerTest && <SpeakerTest speakerId={speakerId} />}
      </div>
    </div>
  );
}
