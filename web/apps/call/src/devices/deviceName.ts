import type { Device } from '@jumpa/sdk';
import type { TFunction } from 'i18next';

/** What a device is called; numbered where the browser keeps its name secret. */
export function deviceName(
  device: Device,
  kind: 'microphone' | 'camera' | 'speaker',
  index: number,
  t: TFunction<'call'>,
): string {
  if (device.label !== '') return device.label;
  return device.deviceId === 'default'
    ? t('device.default')
    : t(`device.unnamed_${kind}`, { count: index + 1 });
}
