import type { Reaction } from '@jumpa/sdk';
import { type CSSProperties, type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoom } from '../session/RoomContext';
import styles from './Reactions.module.css';
import { REACTION_SIGNS } from './reactions';

interface Floating {
  readonly id: number;
  readonly reaction: Reaction;
  readonly name: string;
  /** Where it rises, 0 to 1 of the width of the lane. */
  readonly lane: number;
}

/** How long a reaction floats; the animation in the style sheet is as long. */
const FLOAT_MS = 3_600;
/** More at once would hide faces; the oldest go. */
const MAX_FLOATING = 14;

/** Reactions of everybody, rising at the side of the stage. */
export function Reactions(): ReactNode {
  const room = useRoom();
  const { t } = useTranslation();
  const [floating, setFloating] = useState<readonly Floating[]>([]);

  useEffect(() => {
    let nextId = 0;
    const timers = new Set<ReturnType<typeof setTimeout>>();
    const stop = room.on('reacted', ({ participantId, reaction }) => {
      const person = room.state.participants.find((one) => one.id === participantId);
      nextId += 1;
      const id = nextId;
      const name = person?.isLocal ? t('common.you') : (person?.name ?? '');
      const one = { id, reaction, name, lane: (id * 0.382) % 1 };
      setFloating((current) => [...current, one].slice(-MAX_FLOATING));
      const timer = setTimeout(() => {
        timers.delete(timer);
        setFloating((current) => current.filter((other) => other.id !== id));
      }, FLOAT_MS);
      timers.add(timer);
    });
    return () => {
      stop();
      for (const timer of timers) clearTimeout(timer);
    };
  }, [room, t]);

  return (
    <div className={styles.lane} aria-hidden="true">
      {floating.map((one) => (
        <span
          key={one.id}
          className={styles.floating}
          style={{ '--lane': one.lane } as CSSProperties}
        >
          <span className={styles.sign}>{REACTION_SIGNS[one.reaction]}</span>
          <span className={styles.name}>{one.name}</span>
        </span>
      ))}
    </div>
  );
}
