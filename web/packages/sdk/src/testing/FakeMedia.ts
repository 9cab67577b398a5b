import type { MediaSource } from '../LocalSources.js';

/** A track without a device. */
export class FakeTrack {
  readonly kind: 'audio' | 'video';
  readonly settings: MediaTrackSettings;
  enabled = true;
  readyState: MediaStreamTrackState = 'live';
  contentHint = '';
  onended: (() => void) | null = null;

  constructor(kind: 'audio' | 'video', settings: MediaTrackSettings = {}) {
    this.kind = kind;
    this.settings = settings;
  }

  getSettings(): MediaTrackSettings {
    return this.settings;
  }

  stop(): void {
    this.readyState = 'ended';
  }

  /** The device goes away. */
  end(): void {
    this.readyState = 'ended';
    this.onended?.();
  }

  get asTrack(): MediaStreamTrack {
    return this as unknown as MediaStreamTrack;
  }
}

/** Devices that do what the test says. */
export class FakeDevices implements MediaSource {
  /** Every track that was opened, in order. */
  readonly opened: FakeTrack[] = [];
  /** What was asked for, in order. */
  readonly asked: MediaStreamConstraints[] = [];
  /** Errors that the next requests meet; then devices open again. */
  readonly errors: Error[] = [];
  cameras = ['cam-1', 'cam-2'];
  facing = false;
  hasScreenAudio = true;

  async getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
    this.asked.push(constraints);
    this.#mayFail();
    const kind = constraints.audio ? 'audio' : 'video';
    return streamOf(this.#open(kind, this.#settings(constraints, kind)));
  }

  async getDisplayMedia(): Promise<MediaStream> {
    this.#mayFail();
    const video = this.#open('video', { width: 1920, height: 1080 });
    return this.hasScreenAudio ? streamOf(video, this.#open('audio', {})) : streamOf(video);
  }

  async enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return this.cameras.map(
      (deviceId) => ({ deviceId, kind: 'videoinput', label: deviceId }) as MediaDeviceInfo,
    );
  }

  /** The newest track. */
  get last(): FakeTrack {
    const track = this.opened.at(-1);
    if (!track) throw new Error('nothing was opened');
    return track;
  }

  #mayFail(): void {
    const error = this.errors.shift();
    if (error) throw error;
  }

  #open(kind: 'audio' | 'video', settings: MediaTrackSettings): FakeTrack {
    const track = new FakeTrack(kind, settings);
    this.opened.push(track);
    return track;
  }

  #settings(constraints: MediaStreamConstraints, kind: 'audio' | 'video'): MediaTrackSettings {
    const wanted = (kind === 'audio' ? constraints.audio : constraints.video) as {
      deviceId?: { exact: string };
      facingMode?: { exact: string };
    };
    const deviceId = wanted.deviceId?.exact ?? (kind === 'audio' ? 'mic-1' : 'cam-1');
    const facingMode = wanted.facingMode?.exact ?? 'user';
    const size = kind === 'video' ? { width: 1280, height: 720 } : {};
    return { deviceId, ...size, ...(this.facing ? { facingMode } : {}) };
  }
}

function streamOf(...tracks: FakeTrack[]): MediaStream {
  return {
    getTracks: () => tracks,
    getVideoTracks: () => tracks.filter(({ kind }) => kind === 'video'),
    getAudioTracks: () => tracks.filter(({ kind }) => kind === 'audio'),
  } as unknown as MediaStream;
}
