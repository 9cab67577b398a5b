import { SelectField } from '@jumpa/ui';
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
  /** Beside each other where there is room, instead of one below the other. */
  isRow?: boolean;
}

/** Microphone, camera and speaker as lists to choose from. */
export function DeviceSelects({
  withSpeakerTest = false,
  isRow = false,
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
      <SelectField
        label={t(`device.${kind}`)}
        icon={<Icon aria-hidden="true" />}
        disabled={isEmpty}
        value={options.some((one) => one.deviceId === chosen) ? (chosen ?? '') : undefined}
        options={
          isEmpty
            ? [{ value: '', label: t(`device.no_${kind}`) }]
            : options.map((device, index) => ({
                value: device.deviceId,
                label: deviceName(device, kind, index, t),
              }))
        }
        onChoose={(deviceId) => choose(kind, deviceId)}
      />
    );
  };
  return (
    <div className={styles.selects} data-row={isRow}>
      <div>
        {select('microphone')}
        <MicrophoneMeter />
      </div>
      {select('camera')}
      <div>
        {select('speaker')}
        {withSpeakerTest && <SpeakerTest speakerId={speakerId} />}
      </div>
    </div>
  );
}
