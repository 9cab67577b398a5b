import { expect, it } from 'vitest';
import { roomBase } from './roomBase';

const branding = {
  logo_url: null,
  accent_color: null,
  background_color: null,
  display_name: null,
  welcome_text: null,
  own_domain: null,
};

it('names the app on the server', () => {
  const app = { id: 'melati-k3x9q', branding };
  expect(roomBase(app, 'https://jumpa.example')).toBe('https://jumpa.example/melati-k3x9q');
});

it('is the own domain of the app where it has one', () => {
  const app = { id: 'melati-k3x9q', branding: { ...branding, own_domain: 'call.melati.example' } };
  expect(roomBase(app, 'https://jumpa.example')).toBe('https://call.melati.example');
});
