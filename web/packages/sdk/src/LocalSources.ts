import { MediaError, type MediaErrorCode } from './errors.js';
import {
  IDLE_LOCAL_MEDIA_STATE,
  type LocalMedia,
  type LocalMediaState,
  type LocalSourceState,
} from './LocalMedia.js';
import { MicrophoneMeter } from './MicrophoneMeter.js';
import { mediaError } from './mediaErrors.js';
import type { SourceKind, SourceState } from './protocol.js';

/** Who is told what happens to the local sources. */
export interface LocalSourcesHandler {
  /** This track shall be sent from now on; `null`: nothing. */
  handleTrack(source: SourceKind, track: MediaStreamTrack | null): void;
  /** This is what the others shall know of a source. */
  handleSource(source: SourceKind, state: SourceState): void;
  /** Something that a user interface shows has changed. */
  handleChange(state: LocalMediaState): void;
  /** A device went away; `deviceId` is the one that took over, `null` when the source went off. */
  handleDeviceLost(source: 'microphone' | 'camera', deviceId: string | null): void;
}

/** The browser's devices, as far as they are used. */
export interface MediaSource {
  getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream>;
  getDisplayMedia?(options: DisplayMediaStreamOptions): Promise<MediaStream>;
  enumerateDevices(): Promise<MediaDeviceInfo[]>;
}

type DeviceKind = 'microphone' | 'camera';

/** Sound for voices. */
const MICROPHONE: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

/** What the largest layer carries; smaller cameras give what they have. */
const CAMERA: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30, max: 30 },
};

/** Text must stay sharp; more frames than this would cost it bits. */
const SCREEN: MediaTrackConstraints = {
  width: { max: 1920 },
  height: { max: 1080 },
  frameRate: { ideal: 15, max: 30 },
};

/** Shared sound is played as it is: nothing of it is noise. */
const SCREEN_AUDIO: MediaTrackConstraints = {
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: false,
};

/** {@link LocalMedia} over the browser's devices. */
export class LocalSources implements LocalMedia {
  readonly #media: MediaSource | undefined;
  readonly #handler: LocalSourcesHandler;
  readonly #listeners = new Set<() => void>();
  readonly #meter = new MicrophoneMeter();
  readonly #tracks: Record<SourceKind, MediaStreamTrack | null> = {
    microphone: null,
    camera: null,
    screen: null,
    screen_audio: null,
  };
  /** One change of a source at a time; the last wish wins. */
  readonly #turns: Record<'microphone' | 'camera' | 'screen', Promise<unknown>> = {
    microphone: Promise.resolve(),
    camera: Promise.resolve(),
    screen: Promise.resolve(),
  };
  #state: LocalMediaState = IDLE_LOCAL_MEDIA_STATE;

  constructor(media: MediaSource | undefined, handler: LocalSourcesHandler) {
    this.#media = media;
    this.#handler = handler;
  }

  get state(): LocalMediaState {
    return this.#state;
  }

  get cameraTrack(): MediaStreamTrack | null {
    return this.#tracks.camera;
  }

  get microphoneTrack(): MediaStreamTrack | null {
    return this.#tracks.microphone;
  }

  get screenTrack(): MediaStreamTrack | null {
    return this.#tracks.screen;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  setMicrophone(isOn: boolean, options: { readonly deviceId?: string } = {}): Promise<void> {
    return this.#inTurn('microphone', () =>
      isOn ? this.#openMicrophone(options.deviceId) : this.#muteMicrophone(),
    );
  }

  setCamera(isOn: boolean, options: { readonly deviceId?: string } = {}): Promise<void> {
    return this.#inTurn('camera', async () => {
      if (isOn) await this.#openCamera(deviceConstraint(options.deviceId));
      else this.#drop('camera', {});
    });
  }

  setScreen(isOn: boolean, options: { readonly audio?: boolean } = {}): Promise<void> {
    // The picker must open in the click itself, so this does not wait for a turn.
    return isOn ? this.#openScreen(options.audio ?? true) : Promise.resolve(this.#closeScreen({}));
  }

  microphoneLevel(): number {
    const track = this.#tracks.microphone;
    return track && this.#state.microphone.isOn ? this.#meter.level(track) : 0;
  }

  flipCamera(): Promise<void> {
    return this.#inTurn('camera', async () => {
      const track = this.#tracks.camera;
      if (!track) return;
      await this.#openCamera(await this.#nextCamera(track));
    });
  }

  /** What is sent of every kind, for the request to join. */
  sources(): { source: SourceKind; state: SourceState }[] {
    const { microphone, camera, screen } = this.#state;
    return [
      { source: 'microphone', state: this.#microphoneState(microphone.isOn) },
      { source: 'camera', state: camera.isOn ? 'live' : 'off' },
      { source: 'screen', state: screen.isOn ? 'live' : 'off' },
      { source: 'screen_audio', state: screen.hasAudio ? 'live' : 'off' },
    ];
  }

  /** What shall be sent of a kind at the moment. */
  sentTrack(source: SourceKind): MediaStreamTrack | null {
    if (source === 'microphone' && !this.#state.microphone.isOn) return null;
    return this.#tracks[source];
  }

  /** The server refused to take a source: it goes off, with this reason. */
  handleRefused(source: SourceKind, error: MediaErrorCode): void {
    if (source === 'microphone') {
      this.#silence();
      this.#set('microphone', { isOn: false, error });
    } else if (source === 'camera') {
      this.#drop('camera', { error });
    } else {
      this.#closeScreen({ error });
    }
  }

  /** A moderator switched a source off. */
  handleMuted(source: SourceKind): void {
    if (source === 'microphone') {
      this.#silence();
      this.#set('microphone', { isOn: false });
    } else if (source === 'camera') {
      this.#drop('camera', {});
    } else {
      this.#closeScreen({});
    }
  }

  /** Stops everything, after a call. */
  stopAll(): void {
    for (const source of ['microphone', 'camera', 'screen', 'screen_audio'] as const) {
      this.#release(source);
    }
    this.#meter.close();
    const { microphone, camera } = this.#state;
    this.#replaceState({
      ...IDLE_LOCAL_MEDIA_STATE,
      microphone: { ...IDLE_LOCAL_MEDIA_STATE.microphone, deviceId: microphone.deviceId },
      camera: {
        ...IDLE_LOCAL_MEDIA_STATE.camera,
        deviceId: camera.deviceId,
        isMirrored: camera.isMirrored,
      },
    });
  }

  #inTurn(source: DeviceKind, act: () => Promise<void> | void): Promise<void> {
    const turn = this.#turns[source].then(act);
    this.#turns[source] = turn.catch(() => undefined);
    return turn;
  }

  async #openMicrophone(deviceId: string | undefined): Promise<void> {
    const current = this.#tracks.microphone;
    const isSame = deviceId === undefined || deviceId === current?.getSettings().deviceId;
    if (!current || current.readyState === 'ended' || !isSame) {
      await this.#open('microphone', {
        audio: { ...MICROPHONE, ...deviceConstraint(deviceId ?? this.#lastDevice('microphone')) },
      });
    } else {
      current.enabled = true;
    }
    this.#set('microphone', { isOn: true });
    this.#handler.handleTrack('microphone', this.#tracks.microphone);
    this.#handler.handleSource('microphone', 'live');
  }

  #muteMicrophone(): void {
    this.#silence();
    this.#set('microphone', { isOn: false });
    this.#handler.handleSource('microphone', this.#microphoneState(false));
  }

  /** The device stays open, so that the first word after unmuting is heard. */
  #silence(): void {
    const track = this.#tracks.microphone;
    if (track) track.enabled = false;
    this.#handler.handleTrack('microphone', null);
  }

  #microphoneState(isOn: boolean): SourceState {
    if (isOn) return 'live';
    return this.#tracks.microphone ? 'muted' : 'off';
  }

  async #openCamera(constraint: MediaTrackConstraints): Promise<void> {
    const current = this.#tracks.camera;
    if (current?.readyState === 'live' && Object.keys(constraint).length === 0) return;
    const last = Object.keys(constraint).length === 0 ? this.#lastDevice('camera') : undefined;
    const track = await this.#open('camera', {
      video: { ...CAMERA, ...constraint, ...deviceConstraint(last) },
    });
    this.#set('camera', {
      isOn: true,
      isMirrored: track.getSettings().facingMode !== 'environment',
    });
    this.#handler.handleTrack('camera', track);
    this.#handler.handleSource('camera', 'live');
  }

  async #nextCamera(current: MediaStreamTrack): Promise<MediaTrackConstraints> {
    const { facingMode, deviceId } = current.getSettings();
    if (facingMode === 'user' || facingMode === 'environment') {
      return { facingMode: { exact: facingMode === 'user' ? 'environment' : 'user' } };
    }
    const all = await this.#requireMedia('camera').enumerateDevices();
    const cameras = all.filter(({ kind }) => kind === 'videoinput');
    const index = cameras.findIndex((camera) => camera.deviceId === deviceId);
    return deviceConstraint(cameras[(index + 1) % Math.max(1, cameras.length)]?.deviceId);
  }

  async #openScreen(wantsAudio: boolean): Promise<void> {
    this.#set('screen', { isPending: true });
    try {
      const media = this.#requireMedia('screen');
      if (!media.getDisplayMedia) throw new MediaError('unsupported', 'screens cannot be shared');
      // `surfaceSwitching` and `selfBrowserSurface` are hints that other browsers ignore.
      const options = {
        video: SCREEN,
        audio: wantsAudio ? SCREEN_AUDIO : false,
        selfBrowserSurface: 'exclude',
        surfaceSwitching: 'include',
      };
      this.#useScreen(await media.getDisplayMedia(options as DisplayMediaStreamOptions));
    } catch (error) {
      const cause = await this.#explain(error, 'screen');
      this.#set('screen', { isPending: false, error: cause.code });
      throw cause;
    }
  }

  #useScreen(stream: MediaStream): void {
    this.#release('screen');
    this.#release('screen_audio');
    const video = stream.getVideoTracks()[0] ?? null;
    const audio = stream.getAudioTracks()[0] ?? null;
    if (video) {
      video.contentHint = 'detail';
      // The browser's own "stop sharing" button.
      video.onended = () => this.#closeScreen({});
    }
    if (audio) {
      audio.contentHint = 'music';
      audio.onended = () => this.#closeScreenAudio();
    }
    this.#tracks.screen = video;
    this.#tracks.screen_audio = audio;
    this.#set('screen', { isPending: false, isOn: true, hasAudio: audio !== null });
    this.#handler.handleTrack('screen', video);
    this.#handler.handleTrack('screen_audio', audio);
    this.#handler.handleSource('screen', 'live');
    this.#handler.handleSource('screen_audio', audio ? 'live' : 'off');
  }

  #closeScreen(change: { readonly error?: MediaErrorCode }): void {
    const { isOn, hasAudio } = this.#state.screen;
    this.#release('screen');
    this.#release('screen_audio');
    this.#set('screen', { isOn: false, isPending: false, hasAudio: false, ...change });
    if (isOn) this.#handler.handleSource('screen', 'off');
    if (hasAudio) this.#handler.handleSource('screen_audio', 'off');
  }

  #closeScreenAudio(): void {
    this.#release('screen_audio');
    this.#set('screen', { hasAudio: false });
    this.#handler.handleSource('screen_audio', 'off');
  }

  /** Opens a device in place of the one in use. */
  async #open(kind: DeviceKind, constraints: MediaStreamConstraints): Promise<MediaStreamTrack> {
    this.#set(kind, { isPending: true });
    try {
      const media = this.#requireMedia(kind);
      // Phones cannot open a second camera or microphone beside the first.
      this.#stop(kind);
      const stream = await openOrDefault(media, constraints);
      const track = stream.getTracks()[0];
      if (!track) throw new MediaError('device_missing', `${kind}: there is no track`);
      track.onended = () => this.#handleEnded(kind, track);
      this.#tracks[kind] = track;
      this.#set(kind, { isPending: false, deviceId: track.getSettings().deviceId ?? null });
      return track;
    } catch (error) {
      const cause = await this.#explain(error, kind);
      const wasOn = this.#state[kind].isOn;
      this.#handler.handleTrack(kind, null);
      this.#set(kind, { isPending: false, isOn: false, error: cause.code });
      if (wasOn) this.#handler.handleSource(kind, 'off');
      throw cause;
    }
  }

  /** The device was unplugged or taken away: another one takes over if it can. */
  #handleEnded(kind: DeviceKind, track: MediaStreamTrack): void {
    if (this.#tracks[kind] !== track) return;
    this.#tracks[kind] = null;
    if (!this.#state[kind].isOn) return;
    this.#forgetDevice(kind);
    const reopen = kind === 'microphone' ? this.setMicrophone(true) : this.setCamera(true);
    reopen.then(
      () => this.#handler.handleDeviceLost(kind, this.#state[kind].deviceId),
      () => this.#handler.handleDeviceLost(kind, null),
    );
  }

  #drop(kind: DeviceKind, change: { readonly error?: MediaErrorCode }): void {
    const wasOn = this.#state[kind].isOn;
    this.#release(kind);
    this.#set(kind, { isOn: false, isPending: false, ...change });
    if (wasOn) this.#handler.handleSource(kind, 'off');
  }

  #release(source: SourceKind): void {
    const had = this.#tracks[source] !== null;
    this.#stop(source);
    if (had) this.#handler.handleTrack(source, null);
  }

  #stop(source: SourceKind): void {
    const track = this.#tracks[source];
    this.#tracks[source] = null;
    if (!track) return;
    track.onended = null;
    track.stop();
  }

  #requireMedia(kind: string): MediaSource {
    if (this.#media) return this.#media;
    throw globalThis.isSecureContext === false
      ? new MediaError('insecure_context', `${kind}: the page is not served over HTTPS`)
      : new MediaError('unsupported', `${kind}: the browser gives no access to devices`);
  }

  async #explain(error: unknown, kind: 'microphone' | 'camera' | 'screen'): Promise<MediaError> {
    const permission = kind === 'screen' ? undefined : await permissionOf(kind);
    return mediaError(error, {
      kind,
      isSecureContext: globalThis.isSecureContext !== false,
      ...(permission === undefined ? {} : { permission }),
    });
  }

  #lastDevice(kind: DeviceKind): string | undefined {
    return this.#state[kind].deviceId ?? undefined;
  }

  #forgetDevice(kind: DeviceKind): void {
    this.#set(kind, { deviceId: null });
  }

  /** Changes one source; an error stays until the next change that does not only begin something. */
  #set<Kind extends 'microphone' | 'camera' | 'screen'>(
    kind: Kind,
    change: Partial<LocalMediaState[Kind]>,
  ): void {
    const { error, ...current }: LocalSourceState = this.#state[kind];
    const kept = change.isPending && error !== undefined ? { error } : {};
    this.#replaceState({ ...this.#state, [kind]: { ...current, ...kept, ...change } });
  }

  #replaceState(state: LocalMediaState): void {
    this.#state = state;
    this.#handler.handleChange(state);
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Opens the wanted device, or any when that one is gone: a remembered id may be stale. */
async function openOrDefault(
  media: MediaSource,
  constraints: MediaStreamConstraints,
): Promise<MediaStream> {
  try {
    return await media.getUserMedia(constraints);
  } catch (error) {
    const isMissing = error instanceof Error && MISSING.has(error.name);
    const any = withoutDevice(constraints);
    if (!isMissing || !any) throw error;
    return media.getUserMedia(any);
  }
}

const MISSING: ReadonlySet<string> = new Set(['NotFoundError', 'OverconstrainedError']);

/** The same constraints for any device; `null` when they name none. */
function withoutDevice({ audio, video }: MediaStreamConstraints): MediaStreamConstraints | null {
  const constraint = audio ?? video;
  if (typeof constraint !== 'object') return null;
  const { deviceId, facingMode, ...rest } = constraint;
  if (deviceId === undefined && facingMode === undefined) return null;
  return audio === undefined ? { video: rest } : { audio: rest };
}

function deviceConstraint(deviceId: string | undefined): MediaTrackConstraints {
  return deviceId === undefined || deviceId === '' ? {} : { deviceId: { exact: deviceId } };
}

async function permissionOf(kind: DeviceKind): Promise<PermissionState | undefined> {
  try {
    const name = kind as PermissionName;
    return (await globalThis.navigator?.permissions?.query({ name }))?.state;
  } catch {
    // Browsers that cannot be asked about this kind throw.
    return undefined;
  }
}
