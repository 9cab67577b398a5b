import { describe, expect, it } from 'vitest';
import { SOURCE_KINDS } from './generated/protocol.js';
import { parseServerMessage, sourceNumber } from './protocol.js';
import { fixtureNames, fixtureText } from './testing/fixtures.js';

describe('parseServerMessage', () => {
  it.each(fixtureNames('server_'))('reads %s', (name) => {
    expect(parseServerMessage(fixtureText(name))).toEqual(JSON.parse(fixtureText(name)));
  });

  it.each([
    '',
    'null',
    '1',
    '[]',
    '{"type":"ok"}',
    '{"type":"something_new","request_id":1}',
    '{"type":"event","seq":1}',
    '{"type":"event","seq":1,"event":null}',
    '{"type":"event","event":{"type":"left"}}',
    '{"type":"error","request_id":1}',
  ])('ignores %j', (text) => {
    expect(parseServerMessage(text)).toBeNull();
  });
});

describe('sourceNumber', () => {
  it('counts four sources for each participant, in the order of the sending m-lines', () => {
    expect(SOURCE_KINDS.map((kind) => sourceNumber(3, kind))).toEqual([12, 13, 14, 15]);
  });
});
