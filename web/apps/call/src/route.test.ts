import { describe, expect, it } from 'vitest';
import { parseRoomInput, parseRoute, readOwnApp } from './route';

describe('parseRoute', () => {
  it('finds app, room and token', () => {
    expect(parseRoute('/klinik-sehat-k3x9q/Ruang-1', '?jwt=abc')).toEqual({
      name: 'room',
      appId: 'klinik-sehat-k3x9q',
      room: 'ruang-1',
      token: 'abc',
    });
  });

  it('a room without a token has none', () => {
    expect(parseRoute('/demo/ruang', '?jwt=')).toMatchObject({ token: undefined });
  });

  it.each(['/demo', '/demo/a/b', '/De/ruang', '/demo/a b', '/x/ruang', '/demo/%2e%2e', '/demo/..'])(
    '%s is a bad link',
    (path) => {
      expect(parseRoute(path, '')).toEqual({ name: 'bad_link' });
    },
  );

  it('knows the start page', () => {
    expect(parseRoute('/', '')).toEqual({ name: 'landing', appId: null });
  });
});

describe('parseRoute on the own domain of an app', () => {
  const own = 'melati-k3x9q';

  it('finds the room by its name alone', () => {
    expect(parseRoute('/Kasir-1', '?jwt=abc', own)).toEqual({
      name: 'room',
      appId: own,
      room: 'kasir-1',
      token: 'abc',
    });
  });

  it('takes the address with the app as well', () => {
    expect(parseRoute('/melati-dua/kasir', '', own)).toMatchObject({
      appId: 'melati-dua',
      room: 'kasir',
    });
  });

  it.each(['/a b', '/a/b/c', '/..', '/x/kasir'])('%s is a bad link', (path) => {
    expect(parseRoute(path, '', own)).toEqual({ name: 'bad_link' });
  });

  it('whatever the server does not know there is a bad link', () => {
    expect(parseRoute('/klinik-sehat/kasir', '', '')).toEqual({ name: 'bad_link' });
    expect(parseRoute('/', '', '')).toEqual({ name: 'bad_link' });
  });

  it('knows the start page of the app', () => {
    expect(parseRoute('/', '', own)).toEqual({ name: 'landing', appId: own });
  });
});

describe('readOwnApp', () => {
  const page = (head: string) =>
    new DOMParser().parseFromString(`<html><head>${head}</head></html>`, 'text/html');

  it('reads what the server put into the page', () => {
    expect(readOwnApp(page('<meta name="jumpa-app" content="melati-k3x9q">'))).toBe('melati-k3x9q');
    expect(readOwnApp(page('<meta name="jumpa-app" content="">'))).toBe('');
    expect(readOwnApp(page(''))).toBeNull();
  });
});

describe('parseRoomInput', () => {
  const origin = 'https://call.example.com';

  it('takes a whole link with its invitation', () => {
    expect(parseRoomInput(' https://call.example.com/demo/ruang?jwt=x ', origin)).toBe(
      '/demo/ruang?jwt=x',
    );
  });

  it('takes app and room', () => {
    expect(parseRoomInput('demo/ruang', origin)).toBe('/demo/ruang');
  });

  it('takes the name of a room on the own domain of an app', () => {
    expect(parseRoomInput('kasir', origin, 'melati-k3x9q')).toBe('/kasir');
  });

  it.each(['', 'demo', 'https://elsewhere.example/demo/ruang', 'javascript:alert(1)'])(
    'refuses %j',
    (input) => {
      expect(parseRoomInput(input, origin)).toBeNull();
    },
  );
});
