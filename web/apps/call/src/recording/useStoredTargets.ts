import type { StoredStreamTarget } from '@jumpa/sdk';
import { useCallback, useEffect, useState } from 'react';
import { useRoom } from '../session/RoomContext';

/** What is known of the places that the app has stored to stream to. */
export type StoredTargets =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly targets: readonly StoredStreamTarget[] }
  | { readonly state: 'failed'; readonly error: unknown };

const LOADING: StoredTargets = { state: 'loading' };

/** Asks the server what is stored, and again when told to; a list stays until the next one is there. */
export function useStoredTargets(): {
  readonly stored: StoredTargets;
  readonly askAgain: () => void;
} {
  const { moderation } = useRoom();
  const [stored, setStored] = useState(LOADING);
  const [question, setQuestion] = useState(1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question asks again
  useEffect(() => {
    let isWanted = true;
    const show = (answer: StoredTargets) => {
      if (isWanted) setStored(answer);
    };
    moderation
      .listStreamTargets()
      .then((targets) => show({ state: 'ready', targets }))
      .catch((error: unknown) => show({ state: 'failed', error }));
    return () => {
      isWanted = false;
    };
  }, [moderation, question]);
  const askAgain = useCallback(() => {
    setStored((known) => (known.state === 'ready' ? known : LOADING));
    setQuestion((number) => number + 1);
  }, []);
  return { stored, askAgain };
}
