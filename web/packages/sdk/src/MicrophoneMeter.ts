import { levelOfDbov } from './Levels.js';

/** Samples of one look at the microphone: 21 ms at 48 kHz. */
const WINDOW = 1_024;

/** Measures how loud a local track is. The audio context begins with the first look. */
export class MicrophoneMeter {
  #context: AudioContext | null = null;
  #source: MediaStreamAudioSourceNode | null = null;
  #analyser: AnalyserNode | null = null;
  #track: MediaStreamTrack | null = null;
  readonly #samples = new Float32Array(WINDOW);

  /** How loud `track` is now, 0 to 1; 0 where the browser cannot tell. */
  level(track: MediaStreamTrack): number {
    if (typeof AudioContext === 'undefined') return 0;
    if (this.#track !== track) this.#listen(track);
    if (this.#context?.state === 'suspended' && mayPlay()) {
      this.#context.resume().catch(() => undefined);
    }
    this.#analyser?.getFloatTimeDomainData(this.#samples);
    const power = this.#samples.reduce((sum, sample) => sum + sample * sample, 0) / WINDOW;
    return power === 0 ? 0 : levelOfDbov(10 * Math.log10(power));
  }

  /** Lets go of the track and the audio context. */
  close(): void {
    this.#source?.disconnect();
    this.#context?.close().catch(() => undefined);
    this.#context = null;
    this.#source = null;
    this.#analyser = null;
    this.#track = null;
  }

  #listen(track: MediaStreamTrack): void {
    this.#source?.disconnect();
    this.#track = track;
    this.#context ??= new AudioContext();
    this.#analyser ??= new AnalyserNode(this.#context, { fftSize: WINDOW });
    this.#source = this.#context.createMediaStreamSource(new MediaStream([track]));
    this.#source.connect(this.#analyser);
  }
}

/** Audio contexts begin to run only after a click; asking before that fills the console. */
function mayPlay(): boolean {
  return globalThis.navigator?.userActivation?.hasBeenActive ?? true;
}
