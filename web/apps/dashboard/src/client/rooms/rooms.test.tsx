import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { openScene } from '../../testing/openScene';
import { axeViolations } from '../../testing/renderDashboard';

async function choose(name: string, item: string) {
  await userEvent.click(await screen.findByRole('button', { name: `Actions for ${name}` }));
  await userEvent.click(await screen.findByRole('menuitem', { name: item }));
}

describe('a live room', () => {
  it('opens from the list', async () => {
    const { router } = openScene('rooms');
    await userEvent.click(await screen.findByRole('link', { name: 'konsultasi-dr-ayu' }));
    expect(await screen.findByText('Budi Santoso')).toBeTruthy();
    expect(router.state.location.pathname).toMatch(
      /\/rooms\/klinik-sehat-p7w2m\/konsultasi-dr-ayu$/,
    );
  });

  it('mutes what is on and only that', async () => {
    const { api } = openScene('room');
    await userEvent.click(await screen.findByRole('button', { name: 'Actions for Budi Santoso' }));
    await screen.findByRole('menuitem', { name: 'Turn the camera off' });
    expect(screen.queryByRole('menuitem', { name: 'Mute the microphone' })).toBeNull();
    await userEvent.click(screen.getByRole('menuitem', { name: 'Turn the camera off' }));
    await waitFor(() =>
      expect(api.sent('POST /v1/apps/*/rooms/*/participants/par_budi/mute')).toEqual([
        { source: 'camera' },
      ]),
    );
  });

  it('says when somebody has left meanwhile', async () => {
    const { api } = openScene('room');
    api.on({
      'POST /v1/apps/*/rooms/*/participants/*/mute': {
        problem: 'participant_unknown',
        status: 404,
      },
    });
    await choose('Budi Santoso', 'Turn the camera off');
    expect(await screen.findByText('This participant has left.')).toBeTruthy();
  });

  it('lets in who waits', async () => {
    const { api } = openScene('room');
    await choose('Dewi', 'Let in');
    await waitFor(() =>
      expect(api.sent('POST /v1/apps/*/rooms/*/participants/par_dewi/admit')).toHaveLength(1),
    );
  });

  it('removes somebody and keeps them out, after asking', async () => {
    const { api } = openScene('room');
    await choose('Budi Santoso', 'Remove and keep out');
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Remove and keep out' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(api.sent('POST /v1/apps/*/rooms/*/participants/par_budi/remove')).toEqual([
      { is_banned: true },
    ]);
  });

  it('asks for the name of the room before the call ends', async () => {
    const { api } = openScene('room');
    await userEvent.click(await screen.findByRole('button', { name: 'End for everybody' }));
    const dialog = await screen.findByRole('dialog');
    const end = within(dialog).getByRole('button', { name: 'End for everybody' });
    expect(end.hasAttribute('disabled')).toBe(true);
    await userEvent.type(within(dialog).getByRole('textbox'), 'konsultasi-dr-ayu');
    await userEvent.click(end);
    await waitFor(() => expect(api.sent('POST /v1/apps/*/rooms/*/end')).toHaveLength(1));
  });

  it('locks with a password and writes to everybody', async () => {
    const { api } = openScene('room');
    await userEvent.click(await screen.findByRole('button', { name: 'Lock' }));
    const lock = await screen.findByRole('dialog');
    await userEvent.type(within(lock).getByRole('textbox', { name: 'Password' }), 'rahasia');
    await userEvent.click(within(lock).getByRole('button', { name: 'Lock' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(api.sent('POST /v1/apps/*/rooms/*/lock')).toEqual([{ password: 'rahasia' }]);

    await userEvent.click(screen.getByRole('button', { name: 'Message everybody' }));
    const message = await screen.findByRole('dialog');
    await userEvent.type(
      within(message).getByRole('textbox', { name: 'Message' }),
      'Lima menit lagi.',
    );
    await userEvent.click(within(message).getByRole('button', { name: 'Send' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(api.sent('POST /v1/apps/*/rooms/*/message')).toEqual([{ text: 'Lima menit lagi.' }]);
  });

  it('is only looked at by a viewer', async () => {
    openScene('room-viewer');
    await screen.findByText('Budi Santoso');
    expect(screen.queryByRole('button', { name: 'End for everybody' })).toBeNull();
    expect(screen.queryByRole('button', { name: /^Actions for/ })).toBeNull();
  });

  it('says when the call is over', async () => {
    openScene('room-over');
    expect(await screen.findByText('This call is over')).toBeTruthy();
  });
});

it.each(['rooms', 'rooms-empty', 'room', 'room-over'])('axe finds nothing in %s', async (scene) => {
  openScene(scene);
  await screen.findByRole('heading', { level: 1 });
  await waitFor(() => expect(document.querySelector('[aria-busy="true"]')).toBeNull());
  expect(await axeViolations()).toEqual([]);
});
