import type { Reaction } from '@jumpa/sdk';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { REACTION_SIGNS, REACTIONS } from '../reactions/reactions';
import { useRoom } from '../session/RoomContext';
import styles from './ReactionRow.module.css';

export interface ReactionRowProps {
  onDone: () => void;
}

/** One button per reaction. */
export function ReactionRow({ onDone }: ReactionRowProps): ReactNode {
  const { t } = useTranslation();
  const room = useRoom();
  const send = (reaction: Reaction) => {
    // A reaction that was not sent is not worth a notice.
    room.react(reaction).catch(() => undefined);
    onDone();
  };
  return (
    <div className={styles.row}>
      {REACTIONS.map((reaction) => (
        <button
          key={reaction}
          type="button"
          className={styles.button}
          aria-label={t(`reaction.${reaction}`)}
          onClick={() => send(reaction)}
        >
          {REACTION_SIGNS[reaction]}
        </button>
      ))}
    </div>
  );
}
