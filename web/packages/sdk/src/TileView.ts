import type { VideoTarget } from './RoomOptions.js';

/** How large a picture must be to fill a tile, device pixels of height. */
export interface TileMeasure {
  /** Size of the element, CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Device pixels per CSS pixel. */
  readonly pixelRatio: number;
  /** Width by height of the picture, as far as it is known. */
  readonly aspect: number;
  /** Whether the picture fills the element and is cropped, instead of standing in it whole. */
  readonly isCropped: boolean;
}

/** The height in device pixels that a picture has on screen. */
export function shownHeight({ width, height, pixelRatio, aspect, isCropped }: TileMeasure): number {
  const byWidth = width / aspect;
  const shown = isCropped ? Math.max(height, byWidth) : Math.min(height, byWidth);
  return Math.ceil(shown * pixelRatio);
}

/**
 * One element that shows a picture: knows how large it is on screen and whether it can be seen, and
 * tells when that changes.
 */
export class TileView {
  /** The element. */
  readonly element: HTMLVideoElement;
  /** What it shall show. */
  readonly target: VideoTarget;

  readonly #handleChange: () => void;
  readonly #resize: ResizeObserver | null;
  readonly #intersection: IntersectionObserver | null;
  #isIntersecting = true;
  #isShown = false;
  #track: MediaStreamTrack | null = null;
  #stopFrames: () => void = () => undefined;

  constructor(element: HTMLVideoElement, target: VideoTarget, handleChange: () => void) {
    this.element = element;
    this.target = target;
    this.#handleChange = handleChange;
    element.autoplay = true;
    element.playsInline = true;
    element.muted = true;
    element.addEventListener('resize', handleChange);
    this.#resize = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(handleChange);
    this.#resize?.observe(element);
    this.#intersection =
      typeof IntersectionObserver === 'undefined'
        ? null
        : new IntersectionObserver((entries) => this.#handleIntersection(entries));
    this.#intersection?.observe(element);
  }

  /** Whether the right picture is on screen. */
  get isShown(): boolean {
    return this.#isShown;
  }

  /** The height to ask for, device pixels; 0 while it cannot be seen. */
  wantedHeight(): number {
    const { clientWidth: width, clientHeight: height, videoWidth, videoHeight } = this.element;
    if (!this.#isIntersecting || width === 0 || height === 0) return 0;
    return shownHeight({
      width,
      height,
      pixelRatio: globalThis.devicePixelRatio || 1,
      aspect: videoWidth > 0 && videoHeight > 0 ? videoWidth / videoHeight : 16 / 9,
      isCropped: getComputedStyle(this.element).objectFit === 'cover',
    });
  }

  /**
   * Plays a track, or nothing. `isRightFrame` is asked for each frame that comes on screen; until it
   * says yes the tile counts as not shown.
   */
  play(
    track: MediaStreamTrack | null,
    isRightFrame: (rtpTimestamp: number | undefined) => boolean,
  ): void {
    if (this.#track === track) return;
    this.#track = track;
    this.#stopFrames();
    this.setShown(false);
    this.element.srcObject = track ? new MediaStream([track]) : null;
    if (!track) return;
    this.#stopFrames = this.#watchFrames(isRightFrame);
    // Muted pictures may always play; a rejection only means that the track was replaced meanwhile.
    this.element.play()?.catch(() => undefined);
  }

  /** Tells the page whether the right picture is on screen. */
  setShown(isShown: boolean): void {
    if (this.#isShown === isShown) return;
    this.#isShown = isShown;
    this.target.onShown?.(isShown);
  }

  /** Lets go of the element. */
  close(): void {
    this.play(null, () => false);
    this.element.removeEventListener('resize', this.#handleChange);
    this.#resize?.disconnect();
    this.#intersection?.disconnect();
  }

  #handleIntersection(entries: readonly IntersectionObserverEntry[]): void {
    const isIntersecting = entries.at(-1)?.isIntersecting ?? true;
    if (isIntersecting === this.#isIntersecting) return;
    this.#isIntersecting = isIntersecting;
    this.#handleChange();
  }

  #watchFrames(isRightFrame: (rtpTimestamp: number | undefined) => boolean): () => void {
    const { element } = this;
    if (typeof element.requestVideoFrameCallback !== 'function') {
      const handleFrame = (): void => this.setShown(isRightFrame(undefined));
      element.addEventListener('timeupdate', handleFrame);
      return () => element.removeEventListener('timeupdate', handleFrame);
    }
    let handle = 0;
    const handleFrame: VideoFrameRequestCallback = (_now, metadata) => {
      handle = element.requestVideoFrameCallback(handleFrame);
      this.setShown(isRightFrame(metadata.rtpTimestamp));
    };
    handle = element.requestVideoFrameCallback(handleFrame);
    return () => element.cancelVideoFrameCallback(handle);
  }
}
