import { describe, expect, it } from 'vitest';
import { decodeToken } from './decodeToken';

const NOW_S = 1_790_000_000;
const part = (value: object) => {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
};
const token = (header: object, claims: object) => `${part(header)}.${part(claims)}.c2lnbmF0dXJl`;
const GOOD_HEADER = { alg: 'HS256', kid: 'key_1' };
const codes = (text: string) => decodeToken(text, NOW_S)?.findings.map(({ code }) => code);

describe('decodeToken', () => {
  it('reads header and claims, with letters beyond ASCII', () => {
    const text = token(GOOD_HEADER, { room: 'halo', exp: NOW_S + 60, name: 'Putri Æsa' });
    expect(decodeToken(` ${text}\n`, NOW_S)).toMatchObject({
      header: GOOD_HEADER,
      claims: { room: 'halo', name: 'Putri Æsa' },
      findings: [{ tone: 'good', code: 'fine' }],
    });
  });

  it.each([
    ['without an end', GOOD_HEADER, { room: 'halo' }, ['no_expiry']],
    ['that is over', GOOD_HEADER, { room: 'halo', exp: NOW_S }, ['expired']],
    ['that lives too long', GOOD_HEADER, { room: 'halo', exp: NOW_S + 90_000 }, ['too_long']],
    ['for later', GOOD_HEADER, { room: 'a', exp: NOW_S + 9, nbf: NOW_S + 5 }, ['not_yet']],
    ['without a room', GOOD_HEADER, { exp: NOW_S + 60 }, ['no_room']],
    ['for every room', GOOD_HEADER, { exp: NOW_S + 60, room: '*' }, ['any_room']],
    ['without a signature', { alg: 'none' }, { exp: NOW_S + 9, room: 'a' }, ['alg_none', 'no_kid']],
  ])('finds what is wrong with a token %s', (_, header, claims, expected) => {
    expect(codes(token(header, claims))).toEqual(expected);
  });

  it.each(['', 'halo', 'a.b.c', 'a.b', `${part({})}.${part([1] as object)}.x`])(
    '%j is no token',
    (text) => {
      expect(decodeToken(text, NOW_S)).toBeNull();
    },
  );
});
