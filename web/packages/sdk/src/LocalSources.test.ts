import { beforeEach, describe, expect, it } from 'vitest';
import { LocalSources } from './LocalSources.js';
import { FakeDevices } from './testing/FakeMedia.js';

let devices: FakeDevices;
let said: string[];
let local: LocalSources;

beforeEach(() => {
  devices = new FakeDevices();
  said = [];
  local = make(devices);
});

function make(media: FakeDevices | undefined): LocalSources {
  return new LocalSources(media, {
    handleTrack: (source, track) => said.push(`${source} ${track ? 'sends' : 'sends nothing'}`),
    handleSource: (source, state) => said.push(`${source} is ${state}`),
    handleChange: () => undefined,
    handleDeviceLost: (source, deviceId) => said.push(`${source} lost, now ${deviceId}`),
  });
}

const refusal = (name: string, message = ''): Error => new DOMException(message, name);
/** Promise reactions run until nothing is left to do. */
const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

describe('the microphone', () => {
  it('is opened, sent and told', async () => {
    await local.setMicrophone(true);
    expect(said).toEqual(['microphone sends', 'microphone is live']);
    expect(local.state.microphone).toMatchObject({ isOn: true, deviceId: 'mic-1' });
  });

  it('keeps its device while muted and is there at once again', async () => {
    await local.setMicrophone(true);
    await local.setMicrophone(false);
    expect(devices.last).toMatchObject({ enabled: false, readyState: 'live' });
    expect(local.sentTrack('microphone')).toBeNull();
    expect(local.sources()[0]).toEqual({ source: 'microphone', state: 'muted' });
    await local.setMicrophone(true);
    expect(devices.asked).toHaveLength(1);
    expect(devices.last.enabled).toBe(true);
  });

  it('changes to another device', async () => {
    await local.setMicrophone(true);
    await local.setMicrophone(true, { deviceId: 'mic-2' });
    expect(devices.opened.map(({ readyState }) => readyState)).toEqual(['ended', 'live']);
    expect(local.state.microphone.deviceId).toBe('mic-2');
  });

  it('falls back to any device when the wanted one is gone', async () => {
    devices.errors.push(refusal('OverconstrainedError'));
    await local.setMicrophone(true, { deviceId: 'mic-gone' });
    expect(local.state.microphone).toMatchObject({ isOn: true, deviceId: 'mic-1' });
  });

  it('goes over to another device when it is unplugged', async () => {
    await local.setMicrophone(true, { deviceId: 'mic-2' });
    said.length = 0;
    devices.last.end();
    await settle();
    expect(said).toEqual(['microphone sends', 'microphone is live', 'microphone lost, now mic-1']);
  });

  it('goes off when it is unplugged and there is no other', async () => {
    await local.setMicrophone(true);
    said.length = 0;
    devices.errors.push(refusal('NotFoundError'));
    devices.last.end();
    await settle();
    expect(said).toContain('microphone is off');
    expect(said.at(-1)).toBe('microphone lost, now null');
    expect(local.state.microphone).toMatchObject({ isOn: false, error: 'device_missing' });
  });

  it('that a moderator muted tells the server nothing back', async () => {
    await local.setMicrophone(true);
    said.length = 0;
    local.handleMuted('microphone');
    expect(said).toEqual(['microphone sends nothing']);
    expect(local.state.microphone.isOn).toBe(false);
  });

  it('does what was wished last when wishes come quickly', async () => {
    const wishes = [true, false, true, false].map((isOn) => local.setMicrophone(isOn));
    await Promise.all(wishes);
    expect(local.state.microphone.isOn).toBe(false);
    expect(said.at(-1)).toBe('microphone is muted');
  });
});

describe('the camera', () => {
  it('lets its device go when it is switched off', async () => {
    await local.setCamera(true);
    await local.setCamera(false);
    expect(devices.last.readyState).toBe('ended');
    expect(local.cameraTrack).toBeNull();
    expect(said.slice(-2)).toEqual(['camera sends nothing', 'camera is off']);
  });

  it('opens the device that was used before', async () => {
    await local.setCamera(true, { deviceId: 'cam-2' });
    await local.setCamera(false);
    await local.setCamera(true);
    expect(local.state.camera.deviceId).toBe('cam-2');
  });

  it('tells why it could not be opened', async () => {
    devices.errors.push(refusal('NotReadableError'));
    await expect(local.setCamera(true)).rejects.toMatchObject({ code: 'device_busy' });
    expect(local.state.camera).toMatchObject({
      isOn: false,
      error: 'device_busy',
      isPending: false,
    });
    const retry = local.setCamera(true);
    await Promise.resolve();
    expect(local.state.camera).toMatchObject({ error: 'device_busy', isPending: true });
    await retry;
    expect(local.state.camera.error).toBeUndefined();
  });

  it('is mirrored unless it faces away', async () => {
    devices.facing = true;
    await local.setCamera(true);
    expect(local.state.camera.isMirrored).toBe(true);
    await local.flipCamera();
    expect(local.state.camera.isMirrored).toBe(false);
    expect(devices.last.settings.facingMode).toBe('environment');
  });

  it('flips to the next device where cameras do not say how they face', async () => {
    await local.setCamera(true);
    await local.flipCamera();
    expect(local.state.camera.deviceId).toBe('cam-2');
    await local.flipCamera();
    expect(local.state.camera.deviceId).toBe('cam-1');
  });

  it('goes off with a reason when the server does not allow it', async () => {
    await local.setCamera(true);
    local.handleRefused('camera', 'not_granted');
    expect(local.state.camera).toMatchObject({ isOn: false, error: 'not_granted' });
    expect(devices.last.readyState).toBe('ended');
  });
});

describe('the screen', () => {
  it('is shared with its sound', async () => {
    await local.setScreen(true);
    expect(said).toEqual([
      'screen sends',
      'screen_audio sends',
      'screen is live',
      'screen_audio is live',
    ]);
    expect(devices.opened.map(({ contentHint }) => contentHint)).toEqual(['detail', 'music']);
  });

  it('stops when sharing is ended in the browser', async () => {
    await local.setScreen(true);
    said.length = 0;
    devices.opened[0]?.end();
    expect(said).toEqual([
      'screen sends nothing',
      'screen_audio sends nothing',
      'screen is off',
      'screen_audio is off',
    ]);
    expect(local.state.screen.isOn).toBe(false);
  });

  it('without sound says nothing of sound that never was', async () => {
    devices.hasScreenAudio = false;
    await local.setScreen(true);
    said.length = 0;
    await local.setScreen(false);
    expect(said).toEqual(['screen sends nothing', 'screen is off']);
  });

  it('stays as it is when the picker is closed', async () => {
    devices.errors.push(refusal('NotAllowedError', 'Permission denied'));
    await expect(local.setScreen(true)).rejects.toMatchObject({ code: 'permission_dismissed' });
    expect(said).toEqual([]);
  });
});

describe('a page without devices', () => {
  it('says that the browser gives none', async () => {
    await expect(make(undefined).setCamera(true)).rejects.toMatchObject({ code: 'unsupported' });
  });
});

describe('after a call', () => {
  it('everything is stopped, and the devices are remembered', async () => {
    await local.setMicrophone(true, { deviceId: 'mic-2' });
    await local.setCamera(true);
    local.stopAll();
    expect(devices.opened.every(({ readyState }) => readyState === 'ended')).toBe(true);
    expect(local.state.microphone).toMatchObject({ isOn: false, deviceId: 'mic-2' });
  });
});
