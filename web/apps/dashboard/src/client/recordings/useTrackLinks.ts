import { useRef, useState } from 'react';
import type { FileLink } from '../../api/recordings';

/** A link that ends so soon is made anew, milliseconds. */
const SOON_MS = 30_000;

/** A file that a link is made to. */
export interface Linked {
  readonly id: string;
}

/** Makes links to files, by the id of the file. */
export type MakeLinks = (
  files: readonly Linked[],
) => Promise<readonly (readonly [string, FileLink])[]>;

export interface TrackLinks {
  /** Address by file; empty before the first play. */
  readonly links: ReadonlyMap<string, FileLink>;
  readonly error: Error | null;
  /** Tracks that do not play though their link is good. */
  readonly broken: ReadonlySet<string>;
  /** Makes what is missing or about to end; true when every file has a link. */
  readonly renew: () => Promise<boolean>;
  /** A track could not be read: its link has ended, or its file does not play. */
  readonly onFailed: (track: Linked) => void;
}

/**
 * The links to the files of a recording that are played.
 *
 * None is made before somebody plays: each stands as a view with the evidence.
 */
export function useTrackLinks(files: readonly Linked[], makeLinks: MakeLinks): TrackLinks {
  const [links, setLinks] = useState<ReadonlyMap<string, FileLink>>(new Map());
  const [broken, setBroken] = useState<ReadonlySet<string>>(new Set());
  const [error, setError] = useState<Error | null>(null);
  const pending = useRef<Promise<boolean> | null>(null);

  const make = async (): Promise<boolean> => {
    const wanted = files.filter(({ id }) => endsSoon(links.get(id)));
    if (wanted.length === 0) return true;
    try {
      const made = await makeLinks(wanted);
      setLinks((before) => new Map([...before, ...made]));
      setError(null);
      return true;
    } catch (problem) {
      setError(problem as Error);
      return false;
    }
  };
  const renew = () => {
    pending.current ??= make().finally(() => {
      pending.current = null;
    });
    return pending.current;
  };
  const onFailed = ({ id }: Linked) => {
    if (endsSoon(links.get(id))) renew().catch(() => undefined);
    else setBroken((before) => new Set([...before, id]));
  };
  return { links, error, broken, renew, onFailed };
}

function endsSoon(link: FileLink | undefined): boolean {
  return !link || new Date(link.expires_at).getTime() < Date.now() + SOON_MS;
}
