import { fireEvent, render } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { ListedRecording } from '../../api/recordings';
import { Poster } from './Poster';

const poster = (name: string, minutes: number) => ({
  url: `/v1/recording_files/${name}`,
  expires_at: new Date(Date.now() + minutes * 60_000).toISOString(),
});

/** Only what a picture is made of. */
const recording = (link: ListedRecording['poster']) =>
  ({ kind: 'composite', duration_ms: 62_000, poster: link }) as ListedRecording;

function show(link: ListedRecording['poster']) {
  const { container, rerender } = render(<Poster recording={recording(link)} />);
  return {
    container,
    image: () => container.querySelector('img'),
    answer: (next: ListedRecording['poster']) => rerender(<Poster recording={recording(next)} />),
  };
}

describe('the picture of a recording', () => {
  it('is not loaded again while its link works, though each answer brings another', () => {
    const { image, answer } = show(poster('first', 15));
    answer(poster('second', 15));
    expect(image()?.getAttribute('src')).toBe('/v1/recording_files/first');
  });

  it('takes the new link when its own has ended', () => {
    const { image, answer } = show(poster('first', 0));
    answer(poster('second', 15));
    expect(image()?.getAttribute('src')).toBe('/v1/recording_files/second');
  });

  it('is a sign of the kind where it cannot be loaded, and goes with the files', () => {
    const { image, answer, container } = show(poster('first', 15));
    fireEvent.error(image() as HTMLImageElement);
    expect(image()).toBeNull();
    expect(container.querySelector('svg')).toBeTruthy();
    answer(poster('second', 15));
    expect(image()?.getAttribute('src')).toBe('/v1/recording_files/second');
    answer(null);
    expect(image()).toBeNull();
  });

  it('has the length in it', () => {
    expect(show(null).container.textContent).toBe('1:02');
  });
});
