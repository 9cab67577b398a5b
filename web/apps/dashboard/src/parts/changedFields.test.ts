import { expect, it } from 'vitest';
import { changedFields } from './changedFields';

it('names only what differs', () => {
  const before = { role: 'agent', name: 'Budi', origins: ['https://a.example'] };
  const after = { role: 'admin', name: 'Budi', origins: [] };
  expect(changedFields(before, after)).toEqual([
    { name: 'role', before: 'agent', after: 'admin' },
    { name: 'origins', before: '["https://a.example"]', after: '[]' },
  ]);
});

it('takes what was made or removed as one side alone', () => {
  expect(changedFields(null, { email: 'a@klinik.example', until: null })).toEqual([
    { name: 'email', before: null, after: 'a@klinik.example' },
  ]);
  expect(changedFields({ name: 'Toko' }, null)).toEqual([
    { name: 'name', before: 'Toko', after: null },
  ]);
});
