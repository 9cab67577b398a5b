import type { VideoSource } from '@jumpa/sdk';
import { type AspectRange, fitTiles, tilesPerPage } from './fitTiles';
import type { Rect } from './geometry';

/** Names one tile: whose picture, and which. */
export type TileKey = `${string}:${VideoSource}`;

/** The key of somebody's tile. */
export function tileKey(participantId: string, source: VideoSource): TileKey {
  return `${participantId}:${source}`;
}

/** What a person chose. `auto` fits the number of people. */
export type LayoutMode = 'auto' | 'grid' | 'speaker';

/** A corner of the stage, where the own picture rests. */
export type Corner = 'top_left' | 'top_right' | 'bottom_left' | 'bottom_right';

/** What there is to arrange. Lengths are CSS pixels. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  /** Everybody in the order of display, oneself included. */
  readonly people: readonly string[];
  readonly localId: string | null;
  /** Others who share a screen, the latest last. */
  readonly screens: readonly string[];
  readonly mode: LayoutMode;
  readonly pinned: TileKey | null;
  /** Who speaks, or spoke last; not oneself. */
  readonly speakerId: string | null;
  /** From 0; too large a page becomes the last. */
  readonly page: number;
  readonly selfCorner: Corner;
}

/** What a tile is for; decides its size of type and what it offers. */
export type TileRole = 'main' | 'grid' | 'strip' | 'self';

export interface PlacedTile {
  readonly key: TileKey;
  readonly participantId: string;
  readonly source: VideoSource;
  readonly role: TileRole;
  readonly rect: Rect;
}

export interface Arrangement {
  readonly form: 'grid' | 'one_to_one' | 'speaker' | 'screens';
  readonly tiles: readonly PlacedTile[];
  readonly page: number;
  readonly pageCount: number;
  /** How many people the first page holds: speakers are brought onto it. */
  readonly firstPageSize: number;
  /** Where the page buttons belong: the grid, or the strip. */
  readonly pagedArea: Rect;
}

/** Screens that are shown at once. */
const MAX_SCREENS = 2;
const GAP = 8;
/** Between the own picture and the edge of the stage. */
export const SELF_MARGIN = 12;
/** Room for the page buttons below what they page: no name stands behind them. */
const PAGER_SPACE = 56;

/** Decides what stands where on the stage. Pure: the same scene gives the same places. */
export function arrange(scene: Scene): Arrangement {
  const screens = shownScreens(scene);
  if (screens.length > 0) return withStrip(scene, 'screens', screens);

  const pinned = pinnedPerson(scene);
  if (pinned) return withStrip(scene, 'speaker', [tileKey(pinned, 'camera')]);

  const { people, localId } = scene;
  const other = people.find((id) => id !== localId);
  if (scene.mode === 'auto' && people.length === 2 && localId && other) {
    return oneToOne(scene, localId, other);
  }
  if (scene.mode === 'speaker' && other) {
    const speaker = scene.speakerId && people.includes(scene.speakerId) ? scene.speakerId : other;
    return withStrip(scene, 'speaker', [tileKey(speaker, 'camera')]);
  }
  return grid(scene);
}

function shownScreens(scene: Scene): TileKey[] {
  const keys = scene.screens.map((id) => tileKey(id, 'screen'));
  const { pinned } = scene;
  if (pinned && keys.includes(pinned)) return [pinned];
  if (pinned && pinnedPerson(scene)) return [];
  return keys.slice(-MAX_SCREENS);
}

function pinnedPerson(scene: Scene): string | null {
  const [id, source] = splitKey(scene.pinned);
  return id !== null && source === 'camera' && scene.people.includes(id) ? id : null;
}

function splitKey(key: TileKey | null): [string, VideoSource] | [null, null] {
  if (!key) return [null, null];
  const at = key.lastIndexOf(':');
  return [key.slice(0, at), key.slice(at + 1) as VideoSource];
}

function grid(scene: Scene): Arrangement {
  const { width, height, people } = scene;
  const aspect = aspectRange(scene);
  const perPageOf = (room: number) => Math.max(1, tilesPerPage(width, room, aspect, GAP));
  const isPaged = people.length > perPageOf(height);
  const room = isPaged ? Math.max(0, height - PAGER_SPACE) : height;
  const perPage = perPageOf(room);
  const pageCount = Math.max(1, Math.ceil(people.length / perPage));
  const page = Math.min(Math.max(0, scene.page), pageCount - 1);
  const shown = people.slice(page * perPage, (page + 1) * perPage);
  const { rects } = fitTiles(shown.length, width, room, aspect, GAP);
  return {
    form: 'grid',
    tiles: place(shown, rects, 'grid'),
    page,
    pageCount,
    firstPageSize: perPage,
    pagedArea: { x: 0, y: 0, width, height },
  };
}

function oneToOne(scene: Scene, localId: string, other: string): Arrangement {
  const { width, height } = scene;
  return {
    form: 'one_to_one',
    tiles: [
      {
        key: tileKey(other, 'camera'),
        participantId: other,
        source: 'camera',
        role: 'main',
        rect: { x: 0, y: 0, width, height },
      },
      {
        key: tileKey(localId, 'camera'),
        participantId: localId,
        source: 'camera',
        role: 'self',
        rect: selfRect(scene),
      },
    ],
    page: 0,
    pageCount: 1,
    firstPageSize: 2,
    pagedArea: { x: 0, y: 0, width, height },
  };
}

/** The place of the movable own picture: upright on phones, 16:9 elsewhere. */
export function selfRect(scene: Pick<Scene, 'width' | 'height' | 'selfCorner'>): Rect {
  const { width, height, selfCorner } = scene;
  const isUpright = height > width;
  const selfWidth = Math.round(
    isUpright ? clamp(width * 0.28, 84, 160) : clamp(width * 0.18, 128, 280),
  );
  const selfHeight = Math.round(isUpright ? (selfWidth * 4) / 3 : (selfWidth * 9) / 16);
  const isLeft = selfCorner === 'top_left' || selfCorner === 'bottom_left';
  const isTop = selfCorner === 'top_left' || selfCorner === 'top_right';
  return {
    x: isLeft ? SELF_MARGIN : Math.max(0, width - selfWidth - SELF_MARGIN),
    y: isTop ? SELF_MARGIN : Math.max(0, height - selfHeight - SELF_MARGIN),
    width: selfWidth,
    height: selfHeight,
  };
}

/** The corner that is nearest to where the own picture was dropped. */
export function nearestCorner(
  center: { readonly x: number; readonly y: number },
  stage: { readonly width: number; readonly height: number },
): Corner {
  const isLeft = center.x < stage.width / 2;
  const isTop = center.y < stage.height / 2;
  if (isTop) return isLeft ? 'top_left' : 'top_right';
  return isLeft ? 'bottom_left' : 'bottom_right';
}

function withStrip(
  scene: Scene,
  form: 'speaker' | 'screens',
  main: readonly TileKey[],
): Arrangement {
  const { width, height } = scene;
  const inStrip = scene.people.filter((id) => !main.includes(tileKey(id, 'camera')));
  const isBeside = width >= 640 && width > height;
  if (form === 'screens' && !isBeside) return screensAbovePeople(scene, main, inStrip);
  const stripOf = (reserved: number) =>
    isBeside ? besideStrip(width, height, reserved) : belowStrip(width, height);
  const whole = stripOf(0);
  const strip = inStrip.length > whole.capacity ? stripOf(PAGER_SPACE) : whole;
  const perPage = Math.max(1, strip.capacity);
  const pageCount = Math.max(1, Math.ceil(inStrip.length / perPage));
  const page = Math.min(Math.max(0, scene.page), pageCount - 1);
  const shown = inStrip.slice(page * perPage, (page + 1) * perPage);
  const hasStrip = shown.length > 0;
  const stage: Rect = {
    x: 0,
    y: 0,
    width: hasStrip && isBeside ? width - strip.area.width - GAP : width,
    height: hasStrip && !isBeside ? height - strip.area.height - GAP : height,
  };
  return {
    form,
    tiles: [...placeMain(main, stage), ...place(shown, strip.rects(shown.length), 'strip')],
    page,
    pageCount,
    firstPageSize: perPage,
    pagedArea: isBeside ? strip.area : rightHalf(stage),
  };
}

/** On an upright stage a screen needs its own height only; people get the rest as a grid. */
function screensAbovePeople(
  scene: Scene,
  main: readonly TileKey[],
  inGrid: readonly string[],
): Arrangement {
  const { width, height } = scene;
  const count = main.length;
  const wanted = (count * width * 10) / 16 + (count - 1) * GAP;
  const stageHeight = inGrid.length > 0 ? Math.round(Math.min(wanted, height * 0.68)) : height;
  const stage: Rect = { x: 0, y: 0, width, height: stageHeight };
  const top = stageHeight + GAP;
  const aspect: AspectRange = { min: 1, max: 16 / 9 };
  const isPaged = inGrid.length > tilesPerPage(width, height - top, aspect, GAP);
  const room = Math.max(0, height - top - (isPaged ? PAGER_SPACE : 0));
  const perPage = Math.max(1, tilesPerPage(width, room, aspect, GAP));
  const pageCount = Math.max(1, Math.ceil(inGrid.length / perPage));
  const page = Math.min(Math.max(0, scene.page), pageCount - 1);
  const shown = inGrid.slice(page * perPage, (page + 1) * perPage);
  const { rects } = fitTiles(shown.length, width, room, aspect, GAP);
  return {
    form: 'screens',
    tiles: [
      ...placeMain(main, stage),
      ...place(
        shown,
        rects.map((rect) => ({ ...rect, y: rect.y + top })),
        'strip',
      ),
    ],
    page,
    pageCount,
    firstPageSize: perPage,
    pagedArea: { x: 0, y: 0, width, height },
  };
}

/** Where page buttons do not cover the name at the lower left. */
function rightHalf(area: Rect): Rect {
  return { ...area, x: area.x + area.width / 2, width: area.width / 2 };
}

interface Strip {
  readonly area: Rect;
  readonly capacity: number;
  readonly rects: (count: number) => Rect[];
}

function besideStrip(width: number, height: number, reserved: number): Strip {
  const tileWidth = Math.round(clamp(width * 0.17, 140, 260));
  const tileHeight = Math.round((tileWidth * 9) / 16);
  const x = width - tileWidth;
  const room = height - reserved;
  const capacity = Math.floor((room + GAP) / (tileHeight + GAP));
  return {
    area: { x, y: 0, width: tileWidth, height },
    capacity,
    rects: (count) => {
      const top = Math.max(0, (room - count * tileHeight - (count - 1) * GAP) / 2);
      return Array.from({ length: count }, (_, index) => ({
        x,
        y: Math.round(top + index * (tileHeight + GAP)),
        width: tileWidth,
        height: tileHeight,
      }));
    },
  };
}

function belowStrip(width: number, height: number): Strip {
  const tileHeight = Math.round(clamp(height * 0.15, 84, 130));
  const columns = Math.max(2, Math.floor((width + GAP) / (tileHeight * 1.2 + GAP)));
  const tileWidth = Math.min(
    Math.floor((width - GAP * (columns - 1)) / columns),
    Math.round((tileHeight * 16) / 9),
  );
  const y = height - tileHeight;
  return {
    area: { x: 0, y, width, height: tileHeight },
    capacity: columns,
    rects: (count) => {
      const left = Math.max(0, (width - count * tileWidth - (count - 1) * GAP) / 2);
      return Array.from({ length: count }, (_, index) => ({
        x: Math.round(left + index * (tileWidth + GAP)),
        y,
        width: tileWidth,
        height: tileHeight,
      }));
    },
  };
}

function placeMain(keys: readonly TileKey[], stage: Rect): PlacedTile[] {
  const isBeside = stage.width / stage.height > 16 / 9 / 1.1;
  const count = keys.length;
  return keys.map((key, index) => {
    const [participantId, source] = splitKey(key) as [string, VideoSource];
    const width = isBeside ? (stage.width - GAP * (count - 1)) / count : stage.width;
    const height = isBeside ? stage.height : (stage.height - GAP * (count - 1)) / count;
    return {
      key,
      participantId,
      source,
      role: 'main',
      rect: {
        x: Math.round(isBeside ? index * (width + GAP) : 0),
        y: Math.round(isBeside ? 0 : index * (height + GAP)),
        width: Math.floor(width),
        height: Math.floor(height),
      },
    };
  });
}

function place(ids: readonly string[], rects: readonly Rect[], role: TileRole): PlacedTile[] {
  return ids.flatMap((participantId, index) => {
    const rect = rects[index];
    if (!rect) return [];
    return { key: tileKey(participantId, 'camera'), participantId, source: 'camera', role, rect };
  });
}

/** 16:9 to 4:3; where the stage is upright tiles may be upright too. */
function aspectRange({ width, height }: Scene): AspectRange {
  return { min: height > width ? 3 / 4 : 4 / 3, max: 16 / 9 };
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
