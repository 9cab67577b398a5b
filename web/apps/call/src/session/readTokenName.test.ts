import { expect, it } from 'vitest';
import { readTokenName } from './readTokenName';

const token = (claims: object) => {
  const bytes = new TextEncoder().encode(JSON.stringify(claims));
  const base64 = btoa(String.fromCharCode(...bytes));
  return `e30.${base64.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')}.c2ln`;
};

it('finds the name of our own and of Jitsi tokens', () => {
  expect(readTokenName(token({ name: 'dr. Ayu Łestari' }))).toBe('dr. Ayu Łestari');
  expect(readTokenName(token({ context: { user: { name: 'Budi' } } }))).toBe('Budi');
});

it.each([undefined, '', 'x', 'a.b.c', token({ name: 5 }), token({ name: ' ' })])(
  'finds none in %j',
  (text) => {
    expect(readTokenName(text)).toBeNull();
  },
);
