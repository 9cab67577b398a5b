import { describe, expect, it } from 'vitest';
import { emptyTarget, enteredTarget, problemsOf, type TargetForm } from './targetForm';

const form = (changes: Partial<TargetForm>): TargetForm => ({
  ...emptyTarget(1, []),
  key: 'abcd-efgh',
  ...changes,
});

describe('a place to stream to', () => {
  it.each([
    ['rtmp://live.klinik.example/app', true],
    ['rtmps://live.klinik.example:1936/app/room/', true],
    ['rtmp://[2400:cb00::1]/live', true],
    ['https://live.klinik.example/app', false],
    ['rtmp://live.klinik.example', false],
    ['rtmp://live.klinik.example/', false],
    ['rtmp://budi:rahasia@live.klinik.example/app', false],
    ['', false],
  ])('takes the address %s: %s', (url, isGood) => {
    expect(problemsOf(form({ service: 'other', url })).url === undefined).toBe(isGood);
  });

  it('needs a key without spaces', () => {
    expect(problemsOf(form({ key: ' ' })).key).toBe('key_missing');
    expect(problemsOf(form({ key: 'ab cd' })).key).toBe('key_wrong');
    expect(problemsOf(form({ key: ' abcd ' }))).toEqual({});
  });

  it('takes a link for viewers, and no script', () => {
    expect(problemsOf(form({ viewerUrl: 'https://youtu.be/abc?t=1' }))).toEqual({});
    expect(problemsOf(form({ viewerUrl: 'javascript:alert(1)' })).viewerUrl).toBe('viewer_wrong');
  });

  it('is asked for with what was entered, and nothing else', () => {
    expect(enteredTarget(form({ url: 'left over', viewerUrl: ' ' }))).toEqual({
      preset: 'youtube',
      key: 'abcd-efgh',
    });
    expect(
      enteredTarget(
        form({ service: 'other', url: ' rtmp://a.example/live ', viewerUrl: 'http://b' }),
      ),
    ).toEqual({ url: 'rtmp://a.example/live', key: 'abcd-efgh', viewerUrl: 'http://b' });
  });

  it('that is stored is named, and needs no key', () => {
    const stored = emptyTarget(1, [{ id: 'str_1', name: 'Klinik' }]);
    expect(problemsOf(stored)).toEqual({});
    expect(enteredTarget(stored)).toEqual({ id: 'str_1' });
  });
});
