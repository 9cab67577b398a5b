import { expect, it } from 'vitest';
import { readDomains } from './readDomains';

it('takes domains however they are separated, each once and in lower case', () => {
  const { domains, wrong } = readDomains(
    'Melati.example, @melati.example\n toko.co.id;a-b.example',
  );
  expect(domains).toEqual(['melati.example', 'toko.co.id', 'a-b.example']);
  expect(wrong).toEqual([]);
});

it('names what is no domain', () => {
  const { domains, wrong } = readDomains('melati https://melati.example siti@melati.example');
  expect(domains).toEqual([]);
  expect(wrong).toEqual(['melati', 'https://melati.example', 'siti@melati.example']);
});
