// Runs inside the page under test, before any script of the page. It changes nothing the page can notice:
// it remembers the peer connections that the page makes, and finds elements as assistive technology does.

import { computeAccessibleName, getRole, isInaccessible } from 'dom-accessibility-api';
import type { Inbound, NameMatch, Probe, Shown } from './Probe.ts';

const connections: RTCPeerConnection[] = [];
const analysers = new Map<MediaStreamTrack, AnalyserNode>();
let audio: AudioContext | null = null;

const Native = window.RTCPeerConnection;
window.RTCPeerConnection = new Proxy(Native, {
  construct(target, args, newTarget) {
    const connection = Reflect.construct(target, args, newTarget) as RTCPeerConnection;
    connections.push(connection);
    return connection;
  },
});

function open(): RTCPeerConnection[] {
  return connections.filter((connection) => connection.connectionState !== 'closed');
}

function matches(name: string, wanted: NameMatch): boolean {
  const tidy = name.replace(/\s+/g, ' ').trim();
  return wanted.isPattern ? new RegExp(wanted.text, 'iu').test(tidy) : tidy === wanted.text;
}

/** What a person presses: the element, or the label of a switch that is drawn by its label. */
function pressable(element: Element): Element {
  const { width, height } = element.getBoundingClientRect();
  if (width > 0 && height > 0) return element;
  const label = element instanceof HTMLInputElement ? element.labels?.[0] : null;
  return label ?? element;
}

function isShown(element: Element): boolean {
  if (isInaccessible(element)) return false;
  const drawn = pressable(element);
  const { width, height } = drawn.getBoundingClientRect();
  // Closed details keep the size of what they hide.
  return width > 0 && height > 0 && drawn.checkVisibility({ visibilityProperty: true });
}

const NATIVE_ROLES: Record<string, string> = {
  alert: '[role=alert]',
  article: 'article',
  banner: 'header',
  button: 'button,summary,input[type=button],input[type=submit]',
  checkbox: 'input[type=checkbox]',
  combobox: 'select,input',
  complementary: 'aside',
  dialog: 'dialog',
  figure: 'figure',
  form: 'form',
  group: 'fieldset,details',
  heading: 'h1,h2,h3,h4,h5,h6',
  img: 'img,svg',
  link: 'a[href]',
  list: 'ul,ol',
  listitem: 'li',
  main: 'main',
  navigation: 'nav',
  option: 'option',
  radio: 'input[type=radio]',
  region: 'section',
  slider: 'input[type=range]',
  status: 'output',
  switch: 'input[type=checkbox]',
  textbox: 'input,textarea,[contenteditable]',
};

/**
 * Two native elements have no role of their own (HTML-AAM) and are to a person what others are: the field for
 * a password, and what unfolds details.
 */
function roleOf(element: Element): string | null {
  if (element instanceof HTMLInputElement && element.type === 'password') return 'textbox';
  return element.localName === 'summary' ? 'button' : getRole(element);
}

function* candidates(root: ParentNode, role: string): Generator<Element> {
  const selector = [NATIVE_ROLES[role], `[role~="${role}"]`].filter(Boolean).join(',');
  for (const element of root.querySelectorAll(selector)) {
    if (roleOf(element) === role && isShown(element)) yield element;
  }
}

function find(role: string, wanted: NameMatch, within: Element | null): Element | null {
  for (const element of candidates(within ?? document, role)) {
    if (matches(computeAccessibleName(element), wanted)) return element;
  }
  return null;
}

/** Mean colour of a picture; the moving band changes its brightness and hardly its hue. */
function colourOf(video: HTMLVideoElement): Shown['colour'] {
  if (video.videoWidth === 0 || video.readyState < 2) return null;
  const canvas = document.createElement('canvas');
  canvas.width = 16;
  canvas.height = 9;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return null;
  context.drawImage(video, 0, 0, 16, 9);
  const { data } = context.getImageData(0, 0, 16, 9);
  const sum = { red: 0, green: 0, blue: 0 };
  for (let at = 0; at < data.length; at += 4) {
    sum.red += data[at] ?? 0;
    sum.green += data[at + 1] ?? 0;
    sum.blue += data[at + 2] ?? 0;
  }
  const pixels = data.length / 4;
  return {
    red: Math.round(sum.red / pixels),
    green: Math.round(sum.green / pixels),
    blue: Math.round(sum.blue / pixels),
  };
}

/** Brightness differences that count as the edge of a letter, of 255. */
const EDGE = 150;

/** Edges in the full-size picture: how many cross `EDGE` within two pixels, of those that do within eight. */
function sharpnessOf(video: HTMLVideoElement): number {
  if (video.videoWidth === 0 || video.readyState < 2) return 0;
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return 0;
  context.drawImage(video, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const green = (x: number, y: number) => data[(y * canvas.width + x) * 4 + 1] ?? 0;
  let near = 0;
  let far = 0;
  for (let y = 0; y < canvas.height; y += 16) {
    for (let x = 8; x < canvas.width - 8; x += 1) {
      if (Math.abs(green(x - 4, y) - green(x + 4, y)) < EDGE) continue;
      far += 1;
      if (Math.abs(green(x - 1, y) - green(x + 1, y)) >= EDGE) near += 1;
    }
  }
  // A sharp edge is seen by the far pair from eight places and by the near pair from two.
  return far === 0 ? 0 : Math.min(1, (near * 4) / far);
}

const frames = new WeakMap<HTMLVideoElement, number>();

/** Frames that a video has shown since it was first asked about. */
function framesShown(video: HTMLVideoElement): number {
  const known = frames.get(video);
  if (known !== undefined) return known;
  frames.set(video, 0);
  const count = () => {
    frames.set(video, (frames.get(video) ?? 0) + 1);
    video.requestVideoFrameCallback(count);
  };
  video.requestVideoFrameCallback(count);
  return 0;
}

/** Whether a video that is in the document is really painted: not hidden, transparent or outside the window. */
function isPainted(video: HTMLVideoElement): boolean {
  const box = video.getBoundingClientRect();
  if (box.width < 8 || box.height < 8) return false;
  return video.checkVisibility({ opacityProperty: true, visibilityProperty: true });
}

function shown(root: Element, isSharpnessWanted = false): Shown[] {
  const videos = root instanceof HTMLVideoElement ? [root] : [...root.querySelectorAll('video')];
  return videos.map((video) => ({
    isPainted: isPainted(video),
    width: video.videoWidth,
    height: video.videoHeight,
    framesShown: framesShown(video),
    colour: colourOf(video),
    sharpness: isSharpnessWanted ? sharpnessOf(video) : 0,
  }));
}

async function inbound(): Promise<Inbound[]> {
  const found: Inbound[] = [];
  for (const connection of open()) {
    const stats = await connection.getStats();
    stats.forEach((entry) => {
      if (entry.type !== 'inbound-rtp') return;
      found.push({
        kind: entry.kind,
        mid: entry.mid ?? '',
        codec: stats.get(entry.codecId)?.mimeType ?? null,
        framesDecoded: entry.framesDecoded ?? 0,
        framesPerSecond: entry.framesPerSecond ?? 0,
        frameHeight: entry.frameHeight ?? 0,
        freezeCount: entry.freezeCount ?? 0,
        totalFreezesDuration: entry.totalFreezesDuration ?? 0,
        packetsReceived: entry.packetsReceived ?? 0,
        packetsLost: entry.packetsLost ?? 0,
        bytesReceived: entry.bytesReceived ?? 0,
        totalAudioEnergy: entry.totalAudioEnergy ?? 0,
        concealedSamples: entry.concealedSamples ?? 0,
      });
    });
  }
  return found;
}

async function transports(): Promise<string[]> {
  const protocols: string[] = [];
  for (const connection of open()) {
    const stats = await connection.getStats();
    stats.forEach((entry) => {
      if (entry.type !== 'candidate-pair' || entry.state !== 'succeeded') return;
      if (!(entry.nominated || entry.selected)) return;
      const remote = stats.get(entry.remoteCandidateId);
      if (remote?.protocol) protocols.push(remote.protocol);
    });
  }
  return protocols;
}

function analyserOf(track: MediaStreamTrack): AnalyserNode {
  const known = analysers.get(track);
  if (known) return known;
  audio ??= new AudioContext();
  const analyser = audio.createAnalyser();
  analyser.fftSize = 4096;
  analyser.smoothingTimeConstant = 0.6;
  audio.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  analysers.set(track, analyser);
  return analyser;
}

/** Loudness in decibels at each frequency, the most that any received audio track has there. */
function loudness(frequenciesHz: number[]): number[] | null {
  const loudest = frequenciesHz.map(() => -200);
  for (const connection of open()) {
    for (const receiver of connection.getReceivers()) {
      if (receiver.track.kind !== 'audio' || receiver.track.readyState !== 'live') continue;
      const analyser = analyserOf(receiver.track);
      const bins = new Float32Array(analyser.frequencyBinCount);
      analyser.getFloatFrequencyData(bins);
      const binHz = analyser.context.sampleRate / analyser.fftSize;
      frequenciesHz.forEach((frequency, index) => {
        const level = bins[Math.round(frequency / binHz)] ?? -200;
        loudest[index] = Math.max(loudest[index] ?? -200, Number.isFinite(level) ? level : -200);
      });
    }
  }
  void audio?.resume();
  return audio?.state === 'running' ? loudest : null;
}

function names(role: string): string[] {
  return [...candidates(document, role)].map((element) => computeAccessibleName(element));
}

const probe: Probe = { find, pressable, names, shown, inbound, transports, loudness };
Object.defineProperty(window, 'jumpaProbe', { value: probe });
