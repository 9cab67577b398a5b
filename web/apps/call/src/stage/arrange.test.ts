import { describe, expect, it } from 'vitest';
import { arrange, nearestCorner, type Scene, tileKey } from './arrange';

function scene(changes: Partial<Scene> & { count?: number }): Scene {
  const { count = 4, ...rest } = changes;
  return {
    width: 1264,
    height: 700,
    people: Array.from({ length: count }, (_, index) => `p${index}`),
    localId: 'p0',
    screens: [],
    mode: 'auto',
    pinned: null,
    speakerId: null,
    page: 0,
    selfCorner: 'bottom_right',
    ...rest,
  };
}

describe('automatic layout', () => {
  it('alone, the own picture fills the stage as a grid of one', () => {
    const { form, tiles } = arrange(scene({ count: 1 }));
    expect(form).toBe('grid');
    expect(tiles.map((tile) => tile.participantId)).toEqual(['p0']);
  });

  it('two people: the other is full, the own picture small in its corner', () => {
    const { form, tiles } = arrange(scene({ count: 2 }));
    expect(form).toBe('one_to_one');
    expect(tiles[0]).toMatchObject({ participantId: 'p1', role: 'main', rect: { width: 1264 } });
    const self = tiles[1];
    expect(self).toMatchObject({ participantId: 'p0', role: 'self' });
    expect((self?.rect.x ?? 0) + (self?.rect.width ?? 0)).toBe(1264 - 12);
  });

  it('three people stand in a grid', () => {
    expect(arrange(scene({ count: 3 })).form).toBe('grid');
  });
});

it('two people in grid mode are two equal tiles', () => {
  const { tiles } = arrange(scene({ count: 2, mode: 'grid' }));
  expect(tiles[0]?.rect.width).toBe(tiles[1]?.rect.width);
});

it('in speaker mode the speaker is large and everybody else in the strip', () => {
  const { form, tiles } = arrange(scene({ mode: 'speaker', speakerId: 'p2' }));
  expect(form).toBe('speaker');
  expect(tiles.find((tile) => tile.role === 'main')?.participantId).toBe('p2');
  expect(tiles.filter((tile) => tile.role === 'strip').map((tile) => tile.participantId)).toEqual([
    'p0',
    'p1',
    'p3',
  ]);
});

it('speaker mode alone shows oneself', () => {
  expect(arrange(scene({ count: 1, mode: 'speaker' })).tiles).toHaveLength(1);
});

it('a pinned person stays large while others speak', () => {
  const { tiles } = arrange(scene({ pinned: 'p3:camera', speakerId: 'p1', mode: 'speaker' }));
  expect(tiles.find((tile) => tile.role === 'main')?.participantId).toBe('p3');
});

it('a pin of somebody who left counts as none', () => {
  expect(arrange(scene({ pinned: 'gone:camera' })).form).toBe('grid');
});

it('a shared screen takes the stage and leaves people the strip', () => {
  const { form, tiles } = arrange(scene({ screens: ['p1'] }));
  expect(form).toBe('screens');
  expect(tiles[0]).toMatchObject({ key: 'p1:screen', role: 'main' });
  expect(tiles.filter((tile) => tile.role === 'strip')).toHaveLength(4);
});

it('two screens share the stage, a third replaces the first', () => {
  const keys = (screens: string[]) =>
    arrange(scene({ screens }))
      .tiles.filter((tile) => tile.role === 'main')
      .map((tile) => tile.key);
  expect(keys(['p1', 'p2'])).toEqual(['p1:screen', 'p2:screen']);
  expect(keys(['p1', 'p2', 'p3'])).toEqual(['p2:screen', 'p3:screen']);
});

it('a pinned screen is alone on the stage, a pinned person hides screens', () => {
  expect(arrange(scene({ screens: ['p1', 'p2'], pinned: 'p1:screen' })).tiles[0]?.key).toBe(
    'p1:screen',
  );
  expect(arrange(scene({ screens: ['p1'], pinned: 'p2:camera' })).form).toBe('speaker');
});

it('people beyond the page are on the next one, and nobody is lost', () => {
  const phone = { count: 49, width: 344, height: 600 };
  const first = arrange(scene(phone));
  expect(first.pageCount).toBeGreaterThan(1);
  const seen = Array.from({ length: first.pageCount }, (_, page) =>
    arrange(scene({ ...phone, page })).tiles.map((tile) => tile.participantId),
  ).flat();
  expect(new Set(seen).size).toBe(49);
  expect(seen).toHaveLength(49);
});

it('no tile of a grid with pages stands behind the page buttons', () => {
  const { tiles, pageCount } = arrange(scene({ count: 49, width: 344, height: 600 }));
  expect(pageCount).toBeGreaterThan(1);
  expect(Math.max(...tiles.map(({ rect }) => rect.y + rect.height))).toBeLessThanOrEqual(550);
});

it('page buttons cover neither the people nor the screens of an upright stage', () => {
  const { tiles, pageCount, pagedArea } = arrange(
    scene({ count: 6, width: 344, height: 640, screens: ['p1', 'p4'] }),
  );
  expect(pageCount).toBeGreaterThan(1);
  expect(tiles.filter((tile) => tile.role === 'strip').length).toBeGreaterThan(0);
  const buttonsBegin = pagedArea.y + pagedArea.height - 48;
  for (const { rect } of tiles) expect(rect.y + rect.height).toBeLessThanOrEqual(buttonsBegin);
});

it('a page that no longer exists becomes the last', () => {
  expect(arrange(scene({ count: 4, page: 7 })).page).toBe(0);
});

it.each([
  [344, 560],
  [752, 880],
  [1264, 700],
  [724, 240],
])('strip and stage stay apart and inside %i×%i', (width, height) => {
  const { tiles } = arrange(scene({ count: 12, screens: ['p1', 'p2'], width, height }));
  for (const [index, { rect }] of tiles.entries()) {
    expect(rect.x + rect.width).toBeLessThanOrEqual(width);
    expect(rect.y + rect.height).toBeLessThanOrEqual(height);
    expect(rect.x).toBeGreaterThanOrEqual(0);
    expect(rect.y).toBeGreaterThanOrEqual(0);
    for (const other of tiles.slice(index + 1)) {
      const overlap =
        rect.x < other.rect.x + other.rect.width &&
        other.rect.x < rect.x + rect.width &&
        rect.y < other.rect.y + other.rect.height &&
        other.rect.y < rect.y + rect.height;
      expect(overlap, `${tiles[index]?.key} and ${other.key}`).toBe(false);
    }
  }
});

it('a dropped own picture snaps to the nearest corner', () => {
  const stage = { width: 1000, height: 600 };
  expect(nearestCorner({ x: 100, y: 80 }, stage)).toBe('top_left');
  expect(nearestCorner({ x: 900, y: 80 }, stage)).toBe('top_right');
  expect(nearestCorner({ x: 100, y: 580 }, stage)).toBe('bottom_left');
  expect(nearestCorner({ x: 900, y: 580 }, stage)).toBe('bottom_right');
});

it('a key names person and source', () => {
  expect(tileKey('par_1', 'screen')).toBe('par_1:screen');
});
