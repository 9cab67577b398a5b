import type { RecordingDetail, RecordingFile } from '../../api/recordings';

/** Where a track was taken from. */
export const SOURCES = ['microphone', 'camera', 'screen', 'screen_audio'] as const;
export type Source = (typeof SOURCES)[number];

/** A file that plays, and where it stands on the clock of the recording, milliseconds. */
export interface Track {
  readonly id: string;
  /** Whose it is; empty for the whole call. */
  readonly person: string;
  readonly name: string;
  /** `null` for the whole call. */
  readonly source: Source | null;
  readonly isVideo: boolean;
  readonly startMs: number;
  readonly endMs: number;
}

/** Everything of one person. */
export interface Lane {
  readonly person: string;
  readonly name: string;
  readonly tracks: readonly Track[];
}

export function sourceOf({ source }: RecordingFile): Source | null {
  return SOURCES.find((one) => one === source) ?? null;
}

/** What a player needs of a recording. */
export type Recorded = Pick<RecordingDetail, 'files' | 'duration_ms'>;

/** What plays of a recording: the picture of the whole call where there is one, else its tracks. */
export function tracksOf({ files, duration_ms }: Recorded): readonly Track[] {
  const composites = files.filter(({ role }) => role === 'composite');
  const played = composites.length > 0 ? composites : files.filter(({ role }) => role === 'track');
  return played.map((file) => {
    const source = sourceOf(file);
    const startMs = file.start_ms ?? 0;
    return {
      id: file.id,
      person: file.participant_id ?? '',
      name: file.participant_name ?? '',
      source,
      isVideo:
        source === 'camera' ||
        source === 'screen' ||
        (source === null && file.content_type.startsWith('video/')),
      startMs,
      endMs: startMs + (file.duration_ms ?? duration_ms ?? 0),
    };
  });
}

/** The tracks by person, in the order in which people were first heard or seen. */
export function lanesOf(tracks: readonly Track[]): readonly Lane[] {
  const lanes = new Map<string, Track[]>();
  for (const track of tracks.toSorted((a, b) => a.startMs - b.startMs)) {
    const lane = lanes.get(track.person) ?? [];
    lane.push(track);
    lanes.set(track.person, lane);
  }
  return [...lanes].map(([person, own]) => ({ person, name: own[0]?.name ?? '', tracks: own }));
}

/** 4:09 or 1:04:09: a place on the clock of a recording. */
export function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const two = (value: number) => String(value).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
