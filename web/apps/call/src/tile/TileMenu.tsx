import type { ParticipantView } from '@jumpa/sdk';
import { Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CallMenu } from '../controls/CallMenu';
import { IconDotsVertical, IconPin, IconPinnedOff } from '../icons';
import { PersonMenuItems } from '../people/PersonMenuItems';
import styles from './TileMenu.module.css';

export interface TileMenuProps {
  person: ParticipantView;
  isPinned: boolean;
  onTogglePin: () => void;
}

/** What one can do with a person on the stage. Shows with pointer or focus; always on touch. */
export function TileMenu({ person, isPinned, onTogglePin }: TileMenuProps): ReactNode {
  const { t } = useTranslation();
  return (
    <div className={styles.place}>
      <CallMenu
        position="bottom-end"
        offset={4}
        label={t('tile.menu', { name: person.name })}
        target={
          <button
            type="button"
            className={styles.button}
            aria-label={t('tile.menu', { name: person.name })}
          >
            <IconDotsVertical aria-hidden="true" />
          </button>
        }
      >
        <Menu.Item
          leftSection={
            isPinned ? <IconPinnedOff aria-hidden="true" /> : <IconPin aria-hidden="true" />
          }
          onClick={onTogglePin}
        >
          {isPinned ? t('tile.unpin') : t('tile.pin')}
        </Menu.Item>
        <PersonMenuItems person={person} />
      </CallMenu>
    </div>
  );
}
