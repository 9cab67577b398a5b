/** What the browser tells of the source of a packet (W3C webrtc, RTCRtpContributingSource). */
export interface ContributingSource {
  /** The CSRC, which the server sets to the number of the source. */
  readonly source: number;
  /** The RTP timestamp of the packet. */
  readonly rtpTimestamp: number;
  /** When it was played, milliseconds. */
  readonly timestamp: number;
}

/**
 * Knows whose frame a video slot shows.
 *
 * A slot changes its source in the middle of the stream and no browser event tells when. Every
 * packet names its source as CSRC; the entry with the timestamp of a frame is exact. Firefox updates
 * its list one frame late, so a frame without an entry counts only when the newest entry names the
 * same source for two frames running.
 */
export class FrameOwner {
  #newest: number | null = null;

  /**
   * The source number of the frame with `rtpTimestamp`, which is being shown; `null` when it is not
   * certain.
   */
  handleFrame(
    rtpTimestamp: number | undefined,
    sources: readonly ContributingSource[],
  ): number | null {
    const exact = sources.find((entry) => entry.rtpTimestamp === rtpTimestamp);
    const newest = sources.reduce<ContributingSource | null>(
      (best, entry) => (best && best.timestamp > entry.timestamp ? best : entry),
      null,
    );
    const before = this.#newest;
    this.#newest = newest?.source ?? null;
    if (exact) return exact.source;
    return before !== null && before === this.#newest ? before : null;
  }
}
