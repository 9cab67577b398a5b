import { expect, it } from 'vitest';
import { brandingProblems } from './brandingProblems';

const PLAIN = {
  logo_url: null,
  accent_color: null,
  background_color: null,
  display_name: null,
  welcome_text: null,
  own_domain: null,
};

it('takes the look of the server as it is', () => {
  expect([...brandingProblems(PLAIN)]).toEqual([]);
});

it.each([
  ['logo_url', 'http://melati.example/logo.svg'],
  ['logo_url', 'logo.svg'],
  ['accent_color', '#0b7'],
  ['background_color', 'teal'],
  ['own_domain', 'https://call.melati.example'],
  ['own_domain', 'melati'],
])('%s cannot be %s', (field, value) => {
  expect([...brandingProblems({ ...PLAIN, [field]: value })]).toEqual([field]);
});

it.each([
  ['logo_url', 'https://melati.example/logo.svg'],
  ['accent_color', '#0b7a75'],
  ['own_domain', 'call.melati.example'],
])('%s can be %s', (field, value) => {
  expect([...brandingProblems({ ...PLAIN, [field]: value })]).toEqual([]);
});
