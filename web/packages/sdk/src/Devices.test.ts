import { describe, expect, it } from 'vitest';
import { Devices } from './Devices.js';

class FakeMediaDevices extends EventTarget {
  list: Partial<MediaDeviceInfo>[] = [];
  asked = 0;

  async enumerateDevices(): Promise<MediaDeviceInfo[]> {
    this.asked += 1;
    return this.list as MediaDeviceInfo[];
  }
}

function make(): { media: FakeMediaDevices; devices: Devices } {
  const media = new FakeMediaDevices();
  return { media, devices: new Devices(media as unknown as MediaDevices) };
}

/** Promise reactions run until nothing is left to do. */
const settle = (): Promise<void> => new Promise((done) => setImmediate(done));
const CAMERA = { kind: 'videoinput', deviceId: 'cam-1', label: 'Kamera' } as const;

describe('Devices', () => {
  it('sorts devices by kind', async () => {
    const { media, devices } = make();
    media.list = [
      CAMERA,
      { kind: 'audioinput', deviceId: 'mic-1', label: '' },
      { kind: 'audiooutput', deviceId: 'speaker-1', label: '' },
    ];
    await devices.refresh();
    expect(devices.state).toEqual({
      cameras: [{ deviceId: 'cam-1', label: 'Kamera' }],
      microphones: [{ deviceId: 'mic-1', label: '' }],
      speakers: [{ deviceId: 'speaker-1', label: '' }],
      hasLabels: true,
    });
  });

  it('leaves out what cannot be named before permission was given', async () => {
    const { media, devices } = make();
    media.list = [{ kind: 'audioinput', deviceId: '', label: '' }];
    await devices.refresh();
    expect(devices.state).toMatchObject({ microphones: [], hasLabels: false });
  });

  it('tells listeners of a device that was plugged in', async () => {
    const { media, devices } = make();
    let told = 0;
    const stop = devices.subscribe(() => {
      told += 1;
    });
    await settle();
    media.list = [CAMERA];
    media.dispatchEvent(new Event('devicechange'));
    await settle();
    expect(devices.state.cameras).toHaveLength(1);
    media.dispatchEvent(new Event('devicechange'));
    await settle();
    expect(told).toBe(1);
    stop();
  });

  it('asks for nothing while nobody listens', async () => {
    const { media, devices } = make();
    devices.subscribe(() => undefined)();
    await settle();
    const { asked } = media;
    media.dispatchEvent(new Event('devicechange'));
    await settle();
    expect(media.asked).toBe(asked);
  });
});
