/** Stands for every event, also those that are added later. */
export const EVERY_EVENT = '*';

/** What webhooks tell, by what it is about; a test is sent to whoever asks for it. */
export const EVENT_GROUPS = {
  room: ['room.started', 'room.ended', 'call.ended'],
  participant: [
    'participant.joined',
    'participant.left',
    'participant.joined_lobby',
    'participant.left_lobby',
    'participant.role_changed',
  ],
  app: [
    'app.created',
    'app.changed',
    'app.deleted',
    'app.restored',
    'key.created',
    'key.rotated',
    'key.revoked',
  ],
} as const;

export type EventGroup = keyof typeof EVENT_GROUPS;
export const EVENT_GROUP_NAMES = Object.keys(EVENT_GROUPS) as readonly EventGroup[];
