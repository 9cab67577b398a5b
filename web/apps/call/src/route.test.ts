import { describe, expect, it } from 'vitest';
import { parseRoomInput, parseRoute } from './route';

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
    expect(parseRoute('/', '')).toEqual({ name: 'landing' });
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

  it.each(['', 'demo', 'https://elsewhere.example/demo/ruang', 'javascript:alert(1)'])(
    'refuses %j',
    (input) => {
      expect(parseRoomInput(input, origin)).toBeNull();
    },
  );
});
