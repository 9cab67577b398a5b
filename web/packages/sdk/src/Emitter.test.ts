import { afterEach, describe, expect, it, vi } from 'vitest';
import { Emitter } from './Emitter.js';

afterEach(() => vi.unstubAllGlobals());

describe('Emitter', () => {
  it('tells each listener until it stops', () => {
    const emitter = new Emitter<{ said: string }>();
    const heard: string[] = [];
    const stop = emitter.on('said', (text) => heard.push(text));
    emitter.emit('said', 'halo');
    stop();
    emitter.emit('said', 'lagi');
    expect(heard).toEqual(['halo']);
  });

  it('tells the others when one listener fails', () => {
    const reportError = vi.fn();
    vi.stubGlobal('reportError', reportError);
    const emitter = new Emitter<{ said: string }>();
    const heard: string[] = [];
    emitter.on('said', () => {
      throw new Error('of the page');
    });
    emitter.on('said', (text) => heard.push(text));
    emitter.emit('said', 'halo');
    expect(heard).toEqual(['halo']);
    expect(reportError).toHaveBeenCalledTimes(1);
  });
});
