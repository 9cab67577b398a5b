import type { Reaction } from '@jumpa/sdk';
import { Menu } from '@mantine/core';
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
  const send = useReaction();
  return (
    <div className={styles.row}>
      {REACTIONS.map((reaction) => (
        <button
          key={reaction}
          type="button"
          className={styles.button}
          aria-label={t(`reaction.${reaction}`)}
          onClick={() => {
            send(reaction);
            onDone();
          }}
        >
          {REACTION_SIGNS[reaction]}
        </button>
      ))}
    </div>
  );
}

/** The reactions as entries of a menu, in one row. */
export function ReactionItems(): ReactNode {
  const { t } = useTranslation();
  const send = useReaction();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a menu holds groups, not field sets
    <div className={styles.row} role="group" aria-label={t('toolbar.react')}>
      {REACTIONS.map((reaction) => (
        <Menu.Item
          key={reaction}
          className={styles.button ?? ''}
          aria-label={t(`reaction.${reaction}`)}
          onClick={() => send(reaction)}
        >
          {REACTION_SIGNS[reaction]}
        </Menu.Item>
      ))}
    </div>
  );
}

function useReaction(): (reaction: Reaction) => void {
  const room = useRoom();
  return (reaction) => {
    // A reaction that was not sent is not worth a notice.
    room.react(reaction).catch(() => undefined);
  };
}
