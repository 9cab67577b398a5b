import { FakeTrack } from './FakeMedia.js';

/** A sending half that keeps what it was given. */
export class FakeSender {
  track: MediaStreamTrack | null = null;
  transport: { state: RTCDtlsTransportState } = { state: 'connected' };
  encodings: RTCRtpEncodingParameters[];

  constructor(encodings: RTCRtpEncodingParameters[] = []) {
    this.encodings = encodings.map((encoding) => ({ ...encoding }));
  }

  async replaceTrack(track: MediaStreamTrack | null): Promise<void> {
    this.track = track;
  }

  getParameters(): RTCRtpSendParameters {
    return {
      encodings: this.encodings.map((encoding) => ({ ...encoding })),
    } as RTCRtpSendParameters;
  }

  async setParameters({ encodings }: RTCRtpSendParameters): Promise<void> {
    this.encodings = encodings;
  }
}

/** One m-line. */
export class FakeTransceiver {
  mid: string | null = null;
  readonly sender: FakeSender;
  readonly receiver: { track: MediaStreamTrack; getContributingSources: () => unknown[] };
  readonly kind: 'audio' | 'video';
  readonly direction: RTCRtpTransceiverDirection | undefined;

  constructor(kind: 'audio' | 'video', init: RTCRtpTransceiverInit) {
    this.kind = kind;
    this.direction = init.direction;
    this.sender = new FakeSender(init.sendEncodings);
    this.receiver = { track: new FakeTrack(kind).asTrack, getContributingSources: () => [] };
  }
}

/** A browser's connection that the test moves along. */
export class FakePeerConnection {
  readonly transceivers: FakeTransceiver[] = [];
  readonly channel = {
    readyState: 'open',
    sent: [] as string[],
    onmessage: null as ((event: { data: unknown }) => void) | null,
    send(text: string): void {
      this.sent.push(text);
    },
  };
  /** What later offers were made with. */
  readonly offers: RTCOfferOptions[] = [];
  offersMade = 0;
  readonly answers: string[] = [];
  connectionState: RTCPeerConnectionState = 'new';
  onconnectionstatechange: (() => void) | null = null;
  localDescription: RTCSessionDescription | null = null;
  isClosed = false;
  /** Bytes that arrived so far. */
  bytesReceived = 0;

  addTransceiver(kind: 'audio' | 'video', init: RTCRtpTransceiverInit): FakeTransceiver {
    const transceiver = new FakeTransceiver(kind, init);
    this.transceivers.push(transceiver);
    return transceiver;
  }

  createDataChannel(): unknown {
    return this.channel;
  }

  async createOffer(options?: RTCOfferOptions): Promise<RTCSessionDescriptionInit> {
    if (options) this.offers.push(options);
    this.offersMade += 1;
    return { type: 'offer', sdp: `offer with ${this.transceivers.length} m-lines` };
  }

  async setLocalDescription(offer: RTCSessionDescriptionInit): Promise<void> {
    this.transceivers.forEach((transceiver, index) => {
      transceiver.mid ??= String(index);
    });
    this.localDescription = offer as RTCSessionDescription;
  }

  async setRemoteDescription({ sdp = '' }: RTCSessionDescriptionInit): Promise<void> {
    this.answers.push(sdp);
  }

  async getStats(): Promise<RTCStatsReport> {
    const pair = { id: 'P', type: 'candidate-pair', bytesReceived: this.bytesReceived };
    return new Map([['P', pair]]) as unknown as RTCStatsReport;
  }

  close(): void {
    this.isClosed = true;
  }

  /** The browser says how the connection is. */
  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }

  get asPeer(): RTCPeerConnection {
    return this as unknown as RTCPeerConnection;
  }
}
