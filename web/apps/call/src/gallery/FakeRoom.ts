import {
  type CallStats,
  type Device,
  type DevicesState,
  type LocalMediaState,
  MediaError,
  type MediaErrorCode,
  type Reaction,
  type RecordingView,
  type RoomEvents,
  type RoomState,
  type StoredStreamTarget,
  type StreamTarget,
  type StreamView,
  type VideoQuality,
  type VideoTarget,
} from '@jumpa/sdk';
import type { CallRoom, DeviceList } from '../session/CallRoom';

/** What made-up cameras and screens show; picture addresses, and a track of oneself. */
export interface Pictures {
  readonly face: (seed: number) => string;
  readonly screen: () => string;
  readonly track: () => MediaStreamTrack | null;
}

export interface FakeRoomOptions {
  /** Why sources do not start. */
  readonly sourceError?: MediaErrorCode | undefined;
  /** Absent where nothing can be drawn. */
  readonly pictures?: Pictures;
  /** How the server answers what the app has stored for streams; nothing unless told. */
  readonly listStreamTargets?: CallRoom['moderation']['listStreamTargets'];
}

/** A room that shows made-up states and does what it is told, without a server. */
export class FakeRoom implements CallRoom {
  #state: RoomState;
  #media: LocalMediaState;
  readonly #listeners = new Set<() => void>();
  readonly #mediaListeners = new Set<() => void>();
  readonly #handlers = new Map<string, Set<(event: never) => void>>();
  readonly #sourceError: MediaErrorCode | undefined;
  readonly #pictures: Pictures | undefined;
  readonly #listStreamTargets: CallRoom['moderation']['listStreamTargets'];
  #storedTargets: readonly StoredStreamTarget[] = [];

  constructor(
    state: RoomState,
    media: LocalMediaState,
    { sourceError, pictures, listStreamTargets = async () => [] }: FakeRoomOptions = {},
  ) {
    this.#state = state;
    this.#media = media;
    this.#sourceError = sourceError;
    this.#pictures = pictures;
    this.#listStreamTargets = listStreamTargets;
    this.local = this.#makeLocal();
  }

  get state(): RoomState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly on = <Name extends keyof RoomEvents>(
    name: Name,
    listener: (event: RoomEvents[Name]) => void,
  ): (() => void) => {
    const handlers = this.#handlers.get(name) ?? new Set();
    this.#handlers.set(name, handlers);
    handlers.add(listener as (event: never) => void);
    return () => handlers.delete(listener as (event: never) => void);
  };

  /** Lets something happen. */
  emit<Name extends keyof RoomEvents>(name: Name, event: RoomEvents[Name]): void {
    for (const handler of this.#handlers.get(name) ?? []) {
      (handler as (event: RoomEvents[Name]) => void)(event);
    }
  }

  /** Changes the state as an event of the server would. */
  change(changes: Partial<RoomState>): void {
    this.#state = { ...this.#state, ...changes };
    for (const listener of this.#listeners) listener();
  }

  readonly local: CallRoom['local'];

  #makeLocal(): CallRoom['local'] {
    const self = this;
    const set = (changes: Partial<LocalMediaState>) => {
      this.#media = { ...this.#media, ...changes };
      for (const listener of this.#mediaListeners) listener();
    };
    return {
      get state() {
        return self.#media;
      },
      cameraTrack: this.#pictures?.track() ?? null,
      microphoneTrack: null,
      screenTrack: null,
      subscribe: (listener: () => void) => {
        this.#mediaListeners.add(listener);
        return () => this.#mediaListeners.delete(listener);
      },
      setMicrophone: async (isOn: boolean) => {
        if (isOn && this.#sourceError) throw new MediaError(this.#sourceError, 'made up');
        set({ microphone: { ...this.#media.microphone, isOn } });
        this.#setLocal({ microphone: isOn ? 'live' : 'muted' });
      },
      setCamera: async (isOn: boolean) => {
        if (isOn && this.#sourceError) throw new MediaError(this.#sourceError, 'made up');
        set({ camera: { ...this.#media.camera, isOn } });
        this.#setLocal({ camera: isOn ? 'live' : 'off' });
      },
      setScreen: async (isOn: boolean) => set({ screen: { ...this.#media.screen, isOn } }),
      microphoneLevel: () => (this.#media.microphone.isOn ? wave(3) : 0),
      flipCamera: async () => undefined,
    } as unknown as CallRoom['local'];
  }

  #setLocal(changes: Partial<RoomState['participants'][number]>): void {
    const participants = this.#state.participants.map((person) =>
      person.isLocal ? { ...person, ...changes } : person,
    );
    this.change({ participants });
  }

  readonly moderation: CallRoom['moderation'] = {
    mute: async () => undefined,
    muteAll: async () => undefined,
    askUnmute: async () => undefined,
    lowerHand: async () => undefined,
    remove: async () => undefined,
    setRole: async () => undefined,
    setPassword: async (password) =>
      this.change({ settings: { ...this.#state.settings, hasPassword: password !== null } }),
    setLobby: async (hasLobby) => this.change({ settings: { ...this.#state.settings, hasLobby } }),
    answerLobby: async (id) =>
      this.change({ lobby: this.#state.lobby.filter((entry) => entry.participantId !== id) }),
    startRecording: async ({ kind, targets = [] }) => {
      const { recordings, participants } = this.#state;
      const recording: RecordingView = {
        id: `rec_${recordings.length}`,
        kind,
        state: 'active',
        startedAtMs: Date.now(),
        startedBy: participants.find((person) => person.isLocal)?.name ?? '',
        startedById: this.#state.localId ?? '',
        isSoundOnly: false,
        isRequired: false,
        streams: targets.map(this.#shownTarget),
      };
      this.change({ recordings: [...recordings, recording] });
      this.emit('recordingStarted', { recording });
    },
    listStreamTargets: async () => {
      this.#storedTargets = await this.#listStreamTargets();
      return this.#storedTargets;
    },
    setStreamTargets: async (id, targets) => {
      const recordings = this.#state.recordings.map((recording) => {
        if (recording.id !== id) return recording;
        const named = targets.map((target) => ('id' in target ? target.id : ''));
        const kept = recording.streams.filter((stream) => named.includes(stream.id));
        const has = (id: string) => recording.streams.some((stream) => stream.id === id);
        const more = targets
          .filter((target) => !('id' in target && has(target.id)))
          .map(this.#shownTarget);
        return { ...recording, streams: [...kept, ...more] };
      });
      this.change({ recordings });
    },
    stopRecording: async (id) => {
      const { recordings } = this.#state;
      this.change({ recordings: recordings.filter((recording) => recording.id !== id) });
      for (const recording of recordings) {
        if (recording.id === id) this.emit('recordingStopped', { recording });
      }
    },
    endCall: async () => undefined,
  };

  /** A target as people see it while it is being connected. */
  readonly #shownTarget = (target: StreamTarget, index: number): StreamView => {
    if ('id' in target) {
      const stored = this.#storedTargets.find(({ id }) => id === target.id);
      return { id: target.id, name: stored?.name ?? target.id, state: 'connecting' };
    }
    const name = target.name ?? target.preset ?? target.url ?? '';
    return { id: `str_${index}`, name, state: 'connecting' };
  };

  async prepare(): Promise<void> {}
  async consentToRecording(): Promise<void> {}

  async join(): Promise<void> {}
  async leave(): Promise<void> {}

  async sendChat(text: string, to?: string): Promise<void> {
    const entry = {
      id: `z${this.#state.chat.length}`,
      from: this.#state.localId ?? '',
      fromName: 'me',
      text,
      atMs: Date.now(),
      isOwn: true,
      ...(to && { to }),
    };
    this.change({ chat: [...this.#state.chat, entry] });
  }

  async setHand(isRaised: boolean): Promise<void> {
    this.#setLocal({ handRaisedAtMs: isRaised ? Date.now() : null });
  }

  async react(reaction: Reaction): Promise<void> {
    this.emit('reacted', { participantId: this.#state.localId ?? '', reaction });
  }

  async setName(name: string): Promise<void> {
    this.#setLocal({ name });
  }

  attachVideo(element: HTMLVideoElement, target: VideoTarget): () => void {
    const person = this.#state.participants.find((one) => one.id === target.participantId);
    if (this.#pictures) {
      const { face, screen } = this.#pictures;
      element.poster = target.source === 'screen' ? screen() : face(person?.number ?? 0);
    }
    target.onShown?.(true);
    return () => element.removeAttribute('poster');
  }

  levelOf(participantId: string): number {
    return wave(participantId.length + participantId.charCodeAt(participantId.length - 1));
  }

  async setAudioOutput(): Promise<void> {}

  async resumeAudio(): Promise<void> {
    this.change({ isAudioBlocked: false });
  }

  async getStats(): Promise<CallStats> {
    return {
      atMs: Date.now(),
      transport: {
        protocol: 'udp',
        roundTripTimeMs: 24,
        availableOutgoingBps: 2_400_000,
        sentBps: 1_310_000,
        receivedBps: 2_860_000,
      },
      sent: [
        {
          source: 'camera',
          bitrateBps: 1_270_000,
          packetLossRatio: 0.004,
          codec: 'video/VP8',
          limitation: 'none',
          layers: [
            {
              rid: 'f',
              isActive: true,
              width: 1280,
              height: 720,
              framesPerSecond: 30,
              bitrateBps: 1_000_000,
            },
          ],
        },
      ],
      received: [],
    } as CallStats;
  }

  setVideoQuality(max: VideoQuality): void {
    this.change({ videoQuality: max });
  }
}

/** Devices with names as real ones have. */
export class FakeDevices implements DeviceList {
  readonly state: DevicesState;

  constructor(isEmpty = false) {
    const device = (deviceId: string, label: string): Device => ({ deviceId, label });
    this.state = {
      microphones: isEmpty
        ? []
        : [
            device('default', 'Default - Built-in Microphone'),
            device('m1', 'Jabra Evolve2 65 (0b0e:0ce4) Headset Microphone'),
          ],
      cameras: isEmpty ? [] : [device('c1', 'FaceTime HD Camera'), device('c2', 'Logitech BRIO')],
      speakers: isEmpty ? [] : [device('default', 'Default - Built-in Speakers')],
      hasLabels: true,
    };
  }

  readonly subscribe = (): (() => void) => () => undefined;
  async refresh(): Promise<void> {}
}

function wave(phase: number): number {
  return Math.abs(Math.sin(performance.now() / 210 + phase)) * 0.7;
}
