import { expect, it } from 'vitest';
import { EVENT_GROUP_NAMES, eventsOf } from './webhookEvents';

it('offers every group with its events, and each event once', () => {
  const offered = EVENT_GROUP_NAMES.flatMap(eventsOf);
  expect(offered).toContain('quota.reached');
  expect(new Set(offered).size).toBe(offered.length);
  expect(EVENT_GROUP_NAMES.every((group) => eventsOf(group).length > 0)).toBe(true);
});
