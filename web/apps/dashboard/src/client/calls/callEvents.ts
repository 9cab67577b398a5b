import type { TFunction } from 'i18next';
import type { CallEvent, CallParticipant } from '../../api/calls';

/** One line of the log of a call. */
export interface LogLine {
  readonly id: string;
  readonly at: string;
  readonly participantId: string;
  readonly name: string;
  readonly text: string;
}

type Words = TFunction<'numbers'>;

const LEAVE_REASONS = [
  'left',
  'connection_lost',
  'removed',
  'call_ended',
  'server_closing',
  'access_revoked',
  'recording_lost',
] as const;
const SOURCES = ['microphone', 'camera', 'screen', 'screen_audio'] as const;
const STATES = ['live', 'muted', 'off'] as const;
const CONNECTIONS = ['connecting', 'connected', 'reconnecting'] as const;

/** Why somebody left, in words. */
export function leaveText(reason: string | null, t: Words): string {
  const known = LEAVE_REASONS.find((candidate) => candidate === reason) ?? 'left';
  return t(`leave.${known}`);
}

/** What happened, in words; of what this page does not know yet, its name. */
export function eventText({ kind, detail }: CallEvent, t: Words): string {
  switch (kind) {
    case 'source_changed': {
      const source = SOURCES.find((candidate) => candidate === detail.source);
      const state = STATES.find((candidate) => candidate === detail.state);
      return source && state ? t(`event.${source}_${state}`) : kind;
    }
    case 'connection_changed': {
      const connection = CONNECTIONS.find((candidate) => candidate === detail.connection);
      return connection ? t(`event.${connection}`) : kind;
    }
    case 'role_changed':
      return detail.role === 'moderator' ? t('event.moderator') : t('event.no_moderator');
    case 'name_changed':
      return t('event.name', { name: String(detail.name) });
    case 'lobby_entered':
      return t('event.lobby_entered');
    case 'lobby_left':
      return detail.is_admitted ? t('event.lobby_admitted') : t('event.lobby_refused');
    default:
      return kind;
  }
}

/** Everything that happened in a call, joins and leaves included, in its order. */
export function logOf(
  participants: readonly CallParticipant[],
  events: readonly CallEvent[],
  t: Words,
): readonly LogLine[] {
  const names = new Map(participants.map((one) => [one.participant_id, one.name]));
  const stays = participants.flatMap(({ participant_id, name, stays: all }) =>
    all.flatMap(({ joined_at, left_at, leave_reason }) => {
      const line = { participantId: participant_id, name };
      const joined = {
        ...line,
        id: `${participant_id} ${joined_at}`,
        at: joined_at,
        text: t('event.joined'),
      };
      if (left_at === null) return [joined];
      const id = `${participant_id} ${joined_at} ${left_at}`;
      return [joined, { ...line, id, at: left_at, text: leaveText(leave_reason, t) }];
    }),
  );
  const others = events.map((event) => ({
    id: event.id,
    at: event.at,
    participantId: event.participant_id,
    name: names.get(event.participant_id) ?? String(event.detail.name ?? ''),
    text: eventText(event, t),
  }));
  return [...stays, ...others].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
