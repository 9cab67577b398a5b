import type { components } from '@jumpa/api-client';

/** What an endpoint can ask to hear of. */
export type EventChoice = components['schemas']['WebhookEventChoice'];

/** Stands for every event, also those that are added later. */
export const EVERY_EVENT = '*' satisfies EventChoice;

export type EventGroup = 'room' | 'participant' | 'recording' | 'app' | 'quota';

/** What each event is about; a test is sent to whoever asks for it. */
const GROUP_OF: Readonly<
  Record<Exclude<EventChoice, typeof EVERY_EVENT | 'webhook.test'>, EventGroup>
> = {
  'room.started': 'room',
  'room.ended': 'room',
  'call.ended': 'room',
  'participant.joined': 'participant',
  'participant.left': 'participant',
  'participant.joined_lobby': 'participant',
  'participant.left_lobby': 'participant',
  'participant.role_changed': 'participant',
  'recording.queued': 'recording',
  'recording.started': 'recording',
  'recording.degraded': 'recording',
  'recording.ended': 'recording',
  'recording.ready': 'recording',
  'recording.failed': 'recording',
  'recording.deleted': 'recording',
  'stream.started': 'recording',
  'stream.reconnecting': 'recording',
  'stream.resumed': 'recording',
  'stream.failed': 'recording',
  'stream.ended': 'recording',
  'app.created': 'app',
  'app.changed': 'app',
  'app.deleted': 'app',
  'app.restored': 'app',
  'key.created': 'app',
  'key.rotated': 'app',
  'key.revoked': 'app',
  'quota.warning': 'quota',
  'quota.reached': 'quota',
};

export const EVENT_GROUP_NAMES: readonly EventGroup[] = [
  'room',
  'participant',
  'recording',
  'app',
  'quota',
];

/** The events of a group in the order in which they happen. */
export function eventsOf(group: EventGroup): readonly EventChoice[] {
  const all = Object.entries(GROUP_OF) as [keyof typeof GROUP_OF, EventGroup][];
  return all.filter(([, of]) => of === group).map(([event]) => event);
}
