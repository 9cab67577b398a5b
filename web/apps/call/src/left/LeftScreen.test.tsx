import type { LeaveReason } from '@jumpa/sdk';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { FakeRoom } from '../gallery/FakeRoom';
import { MEDIA_ON, roomState } from '../gallery/roomState';
import { renderInRoom } from '../testing/renderInRoom';
import { LeftScreen } from './LeftScreen';

function show(reason: LeaveReason, wasRecorded = false) {
  const onRejoin = vi.fn();
  renderInRoom(
    new FakeRoom(roomState(), MEDIA_ON),
    <LeftScreen
      left={{ reason, durationMs: 754_000, ratingToken: 'secret', wasRecorded }}
      onRejoin={onRejoin}
    />,
  );
  return { onRejoin, person: userEvent.setup({ delay: null }) };
}

afterEach(() => vi.restoreAllMocks());

it.each([
  ['left', 'You left the call', true],
  ['connection_lost', 'The connection was lost', true],
  ['call_ended', 'The call has ended', true],
  ['server_closing', 'The server is restarting', true],
  ['recording_lost', 'The call ended without its recording', true],
  ['removed', 'You were removed from the call', false],
  ['access_revoked', 'Your access has ended', false],
] as const)('after %s it says "%s"; one may join again: %s', (reason, title, canRejoin) => {
  show(reason);
  expect(screen.getByRole('heading', { name: title })).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Join again' }) !== null).toBe(canRejoin);
});

it('says how long the call was', () => {
  show('left');
  expect(screen.getByText('You were in the call for 12 minutes, 34 seconds')).toBeTruthy();
});

it.each([true, false])('says that the call was recorded when it was: %s', (wasRecorded) => {
  show('left', wasRecorded);
  expect(screen.queryByText('This call was recorded') !== null).toBe(wasRecorded);
});

it('sends stars and reasons once', async () => {
  const fetch = vi.spyOn(window, 'fetch').mockResolvedValue(new Response(null, { status: 204 }));
  const { person } = show('left');
  await person.click(screen.getByRole('radio', { name: '2 stars: Bad' }));
  await person.click(screen.getByRole('button', { name: 'Echo' }));
  await person.click(screen.getByRole('button', { name: 'Send' }));
  expect(await screen.findByText(/Thank you/)).toBeTruthy();
  expect(JSON.parse(String(fetch.mock.calls[0]?.[1]?.body))).toEqual({
    rating_token: 'secret',
    stars: 2,
    reasons: ['echo'],
  });
});

it('keeps the stars when the server does not take them', async () => {
  vi.spyOn(window, 'fetch').mockResolvedValue(new Response(null, { status: 503 }));
  const { person } = show('left');
  await person.click(screen.getByRole('radio', { name: '5 stars: Very good' }));
  await person.click(screen.getByRole('button', { name: 'Send' }));
  expect((await screen.findByRole('alert')).textContent).toContain('could not be sent');
});
