import { expect, it } from 'vitest';
import { avatarColorIndex, initials } from './initials';

it.each([
  ['Siti Rahmawati', 'SR'],
  ['Budi', 'B'],
  ['  dr.  Ayu Lestari Wulandari ', 'DW'],
  ['🙂 Rina', 'R'],
  ['Łukasz Żak', 'ŁŻ'],
  ['', '?'],
  ['(…)', '?'],
])('%j is shown as %j', (name, letters) => {
  expect(initials(name)).toBe(letters);
});

it('a name always gets the same colour', () => {
  expect(avatarColorIndex('Siti Rahmawati')).toBe(avatarColorIndex('Siti Rahmawati'));
});

it('names spread over the colours', () => {
  const used = new Set(Array.from({ length: 40 }, (_, index) => avatarColorIndex(`Nama ${index}`)));
  expect(used.size).toBeGreaterThan(5);
});
