import type { Device } from '@jumpa/sdk';
import { Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ChoiceItem } from '../controls/CallMenu';
import { useDevices, useLocalMedia } from '../session/RoomContext';
import { deviceName } from './deviceName';
import { useDeviceChoice } from './useDeviceChoice';

export interface DeviceMenuItemsProps {
  kinds: readonly ('microphone' | 'camera' | 'speaker')[];
}

/** The devices of some kinds as choices of a menu. */
export function DeviceMenuItems({ kinds }: DeviceMenuItemsProps): ReactNode {
  const { t } = useTranslation();
  const devices = useDevices();
  const local = useLocalMedia();
  const { choose, speakerId } = useDeviceChoice();
  const lists = {
    microphone: { devices: devices.microphones, chosen: local.microphone.deviceId },
    camera: { devices: devices.cameras, chosen: local.camera.deviceId },
    speaker: { devices: devices.speakers, chosen: speakerId },
  };
  return kinds.map((kind) => {
    const list = lists[kind];
    const chosen = chosenDevice(list.devices, list.chosen);
    return (
      // biome-ignore lint/a11y/useSemanticElements: a menu holds groups, not field sets
      <div key={kind} role="group" aria-label={t(`device.${kind}`)}>
        <Menu.Label>{t(`device.${kind}`)}</Menu.Label>
        {list.devices.map((device, index) => (
          <ChoiceItem
            key={device.deviceId}
            isChosen={device.deviceId === chosen}
            onChoose={() => choose(kind, device.deviceId)}
          >
            {deviceName(device, kind, index, t)}
          </ChoiceItem>
        ))}
        {list.devices.length === 0 && <Menu.Item disabled>{t(`device.no_${kind}`)}</Menu.Item>}
      </div>
    );
  });
}

function chosenDevice(devices: readonly Device[], id: string | null): string | undefined {
  return devices.some((device) => device.deviceId === id)
    ? (id ?? undefined)
    : devices[0]?.deviceId;
}
