import type { LobbyEntry, ParticipantView } from '@jumpa/sdk';
import { Avatar } from '@jumpa/ui';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SidePanel } from '../call/SidePanel';
import { CallMenu } from '../controls/CallMenu';
import { clockDuration } from '../i18n/duration';
import { useNow } from '../i18n/useNow';
import {
  IconCheck,
  IconCrown,
  IconDotsVertical,
  IconHandStop,
  IconMicrophone,
  IconMicrophoneOff,
  IconScreenShare,
  IconSearch,
  IconShieldCheck,
  IconVideoOff,
  IconX,
} from '../icons';
import { useRoomState } from '../session/RoomContext';
import { LevelBars } from '../tile/LevelBars';
import { qualityKey } from '../tile/qualityText';
import styles from './PeoplePanel.module.css';
import { PersonMenuItems } from './PersonMenuItems';
import { RoomControls } from './RoomControls';
import { searchPeople, sortPeople } from './searchPeople';
import { useModeration } from './useModeration';

/** Searching helps only when there are more people than fit at a glance. */
const SEARCH_FROM = 8;

/** Who is here, who waits, and what moderators may do. */
export function PeoplePanel(): ReactNode {
  const { t } = useTranslation();
  const state = useRoomState();
  const [query, setQuery] = useState('');
  const searchId = useId();
  const isModerator = state.participants.some((person) => person.isLocal && person.isModerator);
  const found = searchPeople(sortPeople(state.participants), query);
  const speakers = new Set(state.speakers);

  return (
    <SidePanel title={t('people.title')}>
      <div className={styles.body}>
        {state.participants.length >= SEARCH_FROM && (
          <div className={styles.search}>
            <IconSearch aria-hidden="true" />
            <input
              id={searchId}
              type="search"
              value={query}
              aria-label={t('people.search')}
              placeholder={t('people.search')}
              onChange={(event) => setQuery(event.target.value)}
            />
          </div>
        )}
        {state.lobby.length > 0 && <WaitingList waiting={state.lobby} />}
        <section>
          <h3 className={styles.heading}>
            {t('people.in_call', { count: state.participants.length })}
          </h3>
          <ul className={styles.list}>
            {found.map((person) => (
              <PersonRow key={person.id} person={person} isSpeaking={speakers.has(person.id)} />
            ))}
          </ul>
          {found.length === 0 && (
            <p className={styles.nobody}>{t('people.nobody_found', { query })}</p>
          )}
        </section>
      </div>
      {isModerator && <RoomControls />}
    </SidePanel>
  );
}

function WaitingList({ waiting }: { waiting: readonly LobbyEntry[] }): ReactNode {
  const { t } = useTranslation();
  const { run, moderation } = useModeration();
  const now = useNow();
  const answer = (entry: LobbyEntry, admit: boolean) =>
    run(() => moderation.answerLobby(entry.participantId, admit));
  return (
    <section className={styles.waiting}>
      <div className={styles.waitingHead}>
        <h3 className={styles.heading}>{t('people.waiting', { count: waiting.length })}</h3>
        {waiting.length > 1 && (
          <button
            type="button"
            className={styles.textButton}
            onClick={() => {
              for (const entry of waiting) answer(entry, true);
            }}
          >
            {t('people.admit_all')}
          </button>
        )}
      </div>
      <ul className={styles.list}>
        {waiting.map((entry) => (
          <li key={entry.participantId} className={styles.row}>
            <Avatar name={entry.name} size="36px" />
            <div className={styles.who}>
              <span className={styles.name}>{entry.name}</span>
              <span className={styles.detail}>
                {t('people.waiting_since', { duration: clockDuration(now - entry.sinceMs) })}
              </span>
            </div>
            <button
              type="button"
              className={styles.deny}
              aria-label={t('people.deny_name', { name: entry.name })}
              onClick={() => answer(entry, false)}
            >
              <IconX aria-hidden="true" />
            </button>
            <button
              type="button"
              className={styles.admit}
              aria-label={t('people.admit_name', { name: entry.name })}
              onClick={() => answer(entry, true)}
            >
              <IconCheck aria-hidden="true" />
              {t('people.admit')}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function PersonRow({
  person,
  isSpeaking,
}: {
  person: ParticipantView;
  isSpeaking: boolean;
}): ReactNode {
  const { t } = useTranslation();
  const quality = qualityKey(person);
  const details = [
    person.isModerator && t('common.moderator'),
    person.connection === 'reconnecting' && t('tile.reconnecting'),
    quality && String(t(quality)),
  ].filter((detail) => typeof detail === 'string');
  const isMenuEmpty = person.isLocal && person.isVerified;
  return (
    <li className={styles.row}>
      <Avatar name={person.name} src={person.avatar} size="36px" />
      <div className={styles.who}>
        <span className={styles.nameLine}>
          <span className={styles.name} dir="auto">
            {person.name}
          </span>
          {/* Beside the name: a long one is cut off, this is not. */}
          {person.isLocal && <span className={styles.you}> {t('people.you')}</span>}
          {person.isModerator && <IconCrown className={styles.crown} aria-hidden="true" />}
          {person.isVerified && !person.isModerator && (
            <IconShieldCheck className={styles.verified} aria-hidden="true" />
          )}
        </span>
        {details.length > 0 && <span className={styles.detail}>{details.join(' · ')}</span>}
      </div>
      <span className={styles.states}>
        {person.handRaisedAtMs !== null && (
          <span className={styles.hand} role="img" aria-label={t('tile.hand')}>
            <IconHandStop aria-hidden="true" />
          </span>
        )}
        {person.screen === 'live' && (
          <span role="img" aria-label={t('tile.screen_of', { name: person.name })}>
            <IconScreenShare aria-hidden="true" />
          </span>
        )}
        {person.camera !== 'live' && (
          <span className={styles.off} role="img" aria-label={t('tile.camera_off')}>
            <IconVideoOff aria-hidden="true" />
          </span>
        )}
        {person.microphone !== 'live' ? (
          <span className={styles.off} role="img" aria-label={t('tile.muted')}>
            <IconMicrophoneOff aria-hidden="true" />
          </span>
        ) : isSpeaking ? (
          <span>
            <LevelBars participantId={person.id} />
          </span>
        ) : (
          <IconMicrophone aria-hidden="true" />
        )}
      </span>
      {isMenuEmpty ? (
        <span className={styles.menu} />
      ) : (
        <CallMenu
          scheme="page"
          position="bottom-end"
          offset={2}
          label={t('tile.menu', { name: person.name })}
          target={
            <button
              type="button"
              className={styles.menu}
              aria-label={t('tile.menu', { name: person.name })}
            >
              <IconDotsVertical aria-hidden="true" />
            </button>
          }
        >
          <PersonMenuItems person={person} />
        </CallMenu>
      )}
    </li>
  );
}
