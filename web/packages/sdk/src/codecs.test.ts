import { describe, expect, it } from 'vitest';
import { audioCodecs, type Codec, videoCodecs } from './codecs.js';

function codec(mimeType: string, sdpFmtpLine?: string): Codec {
  return { mimeType, clockRate: 90_000, ...(sdpFmtpLine === undefined ? {} : { sdpFmtpLine }) };
}

describe('videoCodecs', () => {
  it('keeps VP8, common H264 and retransmission, in this order', () => {
    const h264 = codec(
      'video/H264',
      'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
    );
    const all = [
      codec('video/rtx'),
      codec('video/AV1'),
      codec('video/H264', 'packetization-mode=0;profile-level-id=42e01f'),
      codec('video/H264', 'packetization-mode=1;profile-level-id=640034'),
      h264,
      codec('video/VP9'),
      codec('video/VP8'),
    ];
    expect(videoCodecs(all)).toEqual([codec('video/VP8'), h264, codec('video/rtx')]);
  });
});

describe('audioCodecs', () => {
  it('prefers redundant Opus and drops what calls do not use', () => {
    const all = ['audio/opus', 'audio/G722', 'audio/red', 'audio/telephone-event'];
    const kept = audioCodecs(all.map((type) => codec(type))).map(({ mimeType }) => mimeType);
    expect(kept).toEqual(['audio/red', 'audio/opus']);
  });
});
