import { describe, expect, it } from 'vitest';
import { type ContributingSource, FrameOwner } from './FrameOwner.js';

const SITI = 5;
const BUDI = 9;

function entry(source: number, rtpTimestamp: number, timestamp = rtpTimestamp): ContributingSource {
  return { source, rtpTimestamp, timestamp };
}

describe('FrameOwner', () => {
  it('names the source whose entry has the timestamp of the frame', () => {
    const owner = new FrameOwner();
    expect(owner.handleFrame(100, [entry(SITI, 100), entry(BUDI, 40)])).toBe(SITI);
  });

  it('names the old source of a frame that is shown late', () => {
    const owner = new FrameOwner();
    expect(owner.handleFrame(40, [entry(SITI, 100), entry(BUDI, 40)])).toBe(BUDI);
  });

  it('is not certain of a single frame without an entry', () => {
    const owner = new FrameOwner();
    expect(owner.handleFrame(100, [entry(BUDI, 40)])).toBeNull();
  });

  it('believes the newest entry when it stays the same for two frames', () => {
    const owner = new FrameOwner();
    owner.handleFrame(100, [entry(BUDI, 40), entry(SITI, 90)]);
    expect(owner.handleFrame(130, [entry(BUDI, 40), entry(SITI, 120)])).toBe(SITI);
  });

  it('is not certain of the frame at which the newest entry changes', () => {
    const owner = new FrameOwner();
    owner.handleFrame(100, [entry(BUDI, 90)]);
    expect(owner.handleFrame(130, [entry(BUDI, 90), entry(SITI, 120)])).toBeNull();
  });

  it('knows nothing without sources', () => {
    const owner = new FrameOwner();
    expect(owner.handleFrame(undefined, [])).toBeNull();
    expect(owner.handleFrame(undefined, [])).toBeNull();
  });
});
