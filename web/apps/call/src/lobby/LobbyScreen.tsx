import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MessagePage } from '../controls/MessagePage';
import { clockDuration } from '../i18n/duration';
import { useNow } from '../i18n/useNow';
import { IconClock } from '../icons';
import { Mirror } from '../prejoin/Mirror';
import { loadPreferences } from '../session/preferences';
import { useRoomPart } from '../session/RoomContext';
import styles from './LobbyScreen.module.css';

export interface LobbyScreenProps {
  onCancel: () => void;
}

/** Waiting to be let in: for whom, and since when. */
export function LobbyScreen({ onCancel }: LobbyScreenProps): ReactNode {
  const { t } = useTranslation();
  const info = useRoomPart((state) => state.lobbyInfo);
  const since = useRoomPart((state) => state.phaseSince);
  const app = info?.appName ?? '';
  const now = useNow();
  return (
    <MessagePage
      icon={<IconClock />}
      tone="attention"
      title={t('lobby.heading')}
      text={
        info?.hasModerator
          ? t('lobby.waiting_moderator', { app })
          : t('lobby.no_moderator', { app })
      }
    >
      <p className={styles.since} role="timer">
        {t('lobby.since', { duration: clockDuration(now - since) })}
      </p>
      <div className={styles.mirror}>
        <Mirror name={loadPreferences().name} />
      </div>
      <p className={styles.stay}>{t('lobby.stay')}</p>
      <Button variant="default" onClick={onCancel}>
        {t('lobby.leave')}
      </Button>
    </MessagePage>
  );
}
