import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { openScene } from '../../testing/openScene';
import { axeViolations } from '../../testing/renderDashboard';

const person = userEvent.setup({ delay: null });

const PUT = 'PUT /v1/apps/*/rooms/*';

async function dialogOf(button: string) {
  await person.click(await screen.findByRole('button', { name: button }));
  return within(await screen.findByRole('dialog'));
}

async function act(room: string, item: string) {
  await person.click(await screen.findByRole('button', { name: `Actions for ${room}` }));
  await person.click(await screen.findByRole('menuitem', { name: item }));
  return within(await screen.findByRole('dialog'));
}

describe('prepared rooms', () => {
  it('stand beside the live ones, with all that will hold', async () => {
    const { router } = openScene('rooms');
    await person.click(await screen.findByRole('link', { name: 'Prepared' }));
    const row = within(await screen.findByRole('row', { name: /konsultasi-budi/ }));
    expect(router.state.location.pathname).toMatch(/\/rooms\/prepared$/);
    for (const text of [
      'Klinik Sehat',
      'No recording, no call',
      'With password',
      'Through the lobby',
      'At most 2 people',
    ]) {
      expect(row.getByText(text)).toBeTruthy();
    }
    expect(row.getByRole('button', { name: 'Copy the link to konsultasi-budi' })).toBeTruthy();
    const other = within(screen.getByRole('row', { name: /halo-agus/ }));
    expect(other.getByText('As in its app')).toBeTruthy();
    expect(other.getByText('Its call begins')).toBeTruthy();
  });

  it('are searched by name and app, in the address', async () => {
    const { api, router } = openScene('prepared-rooms');
    await screen.findByRole('row', { name: /konsultasi-budi/ });
    await person.type(screen.getByRole('searchbox', { name: "Part of the room's name" }), 'budi');
    await person.selectOptions(screen.getByRole('combobox', { name: 'App' }), 'klinik-coba-a3b8x');
    await waitFor(() => {
      const [last] = api.asked.filter(({ path }) => path === '/v1/prepared_rooms').slice(-1);
      expect(last?.query.get('search')).toBe('budi');
      expect(last?.query.get('app_id')).toBe('klinik-coba-a3b8x');
    });
    expect(router.state.location.search).toEqual({ search: 'budi', app: 'klinik-coba-a3b8x' });
  });

  it('are shown again after a search without a match', async () => {
    const { router } = openScene('prepared-rooms-no-match');
    await person.click(await screen.findByRole('button', { name: 'Show all' }));
    await waitFor(() => expect(router.state.location.search).toEqual({}));
  });

  it('are taken back after a question', async () => {
    const { api } = openScene('prepared-rooms');
    const dialog = await act('konsultasi-budi', 'Take back');
    expect(dialog.getByText(/begins as in any other room/)).toBeTruthy();
    await person.click(dialog.getByRole('button', { name: 'Take back' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(api.sent('DELETE /v1/apps/klinik-sehat-p7w2m/prepared_rooms/konsultasi-budi')).toEqual([
      null,
    ]);
  });

  it('are read, not changed, by a viewer', async () => {
    openScene('prepared-rooms-viewer');
    await person.click(await screen.findByRole('button', { name: 'konsultasi-budi' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'konsultasi-budi' }));
    expect(dialog.getByRole('radio', { name: /no recording, no call/ })).toHaveProperty(
      'checked',
      true,
    );
    const switchOfLobby = dialog.getByRole('switch', { name: 'Lobby' });
    expect(switchOfLobby.closest('fieldset')).toHaveProperty('disabled', true);
    expect(dialog.getByRole('textbox', { name: 'Password' })).toHaveProperty(
      'value',
      'There is one',
    );
    expect(dialog.queryByRole('button', { name: 'Save' })).toBeNull();
    expect(screen.queryByRole('button', { name: /^Actions for/ })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Prepare a room' })).toBeNull();
  });

  it('say why the list is missing', async () => {
    openScene('prepared-rooms-forbidden');
    expect(await screen.findByText('Your role does not include this')).toBeTruthy();
  });
});

describe('preparing a room', () => {
  it('says who comes in, how it is recorded and until when', async () => {
    const { api } = openScene('prepared-rooms');
    const dialog = await dialogOf('Prepare a room');
    await person.selectOptions(dialog.getByRole('combobox', { name: 'App' }), 'klinik-coba-a3b8x');
    await person.type(dialog.getByRole('textbox', { name: 'Room' }), 'Kontrol-Siti');
    await person.type(dialog.getByRole('textbox', { name: 'Password' }), 'rahasia');
    await person.type(dialog.getByRole('textbox', { name: 'Most participants' }), '2');
    await person.click(dialog.getByRole('switch', { name: 'Lobby' }));
    fireEvent.change(dialog.getByLabelText('Holds until'), {
      target: { value: '2099-12-01T10:00' },
    });
    expect(dialog.getByText(/Nothing, since nothing is kept/)).toBeTruthy();
    await person.click(dialog.getByRole('radio', { name: /no recording, no call/ }));
    expect(dialog.getByText(/Nobody gets in\./)).toBeTruthy();
    await person.click(dialog.getByRole('radio', { name: /Everybody in one picture/ }));
    await person.click(dialog.getByRole('button', { name: 'Prepare it' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(api.sent('PUT /v1/apps/klinik-coba-a3b8x/rooms/Kontrol-Siti')).toEqual([
      {
        password: 'rahasia',
        has_lobby: true,
        max_participants: 2,
        expires_at: '2099-12-01T03:00:00Z',
        recording_required: true,
        auto_record: {
          kind: 'composite',
          layout: 'grid',
          compose: 'after_call',
          height: 720,
          has_names: true,
        },
      },
    ]);
  });

  it('says what is wrong at each field, and asks nothing', async () => {
    const { api } = openScene('prepared-rooms');
    const dialog = await dialogOf('Prepare a room');
    await person.type(dialog.getByRole('textbox', { name: 'Room' }), 'ruang 1');
    await person.type(dialog.getByRole('textbox', { name: 'Most participants' }), '0');
    fireEvent.change(dialog.getByLabelText('Holds until'), {
      target: { value: '2020-01-01T10:00' },
    });
    await person.click(dialog.getByRole('button', { name: 'Prepare it' }));
    for (const text of [/^1 to 100 letters/, /^A whole number/, /^Choose a time to come/]) {
      expect(dialog.getByText(text)).toBeTruthy();
    }
    expect(api.sent(PUT)).toEqual([]);
    await waitFor(() =>
      expect(document.activeElement).toBe(dialog.getByRole('textbox', { name: 'Room' })),
    );
  });

  it('does not overwrite what somebody else prepared', async () => {
    const { api } = openScene('prepared-rooms');
    api.on({ 'GET /v1/apps/*/prepared_rooms/*': { body: {} } });
    const dialog = await dialogOf('Prepare a room');
    await person.type(dialog.getByRole('textbox', { name: 'Room' }), 'konsultasi-budi');
    await person.click(dialog.getByRole('button', { name: 'Prepare it' }));
    expect(await dialog.findByText(/This room is prepared already/)).toBeTruthy();
    expect(api.sent(PUT)).toEqual([]);
  });

  it('says that a call is running there, and keeps what was entered', async () => {
    const { api } = openScene('prepared-rooms');
    api.on({ [PUT]: { problem: 'room_is_live', status: 409 } });
    const dialog = await dialogOf('Prepare a room');
    await person.type(dialog.getByRole('textbox', { name: 'Room' }), 'ruang-1');
    await person.click(dialog.getByRole('button', { name: 'Prepare it' }));
    expect(await dialog.findByText('A call is running in this room.')).toBeTruthy();
    expect(dialog.getByRole('textbox', { name: 'Room' })).toHaveProperty('value', 'ruang-1');
  });

  it('begins with how the app records, and tells that its rule holds all the same', async () => {
    openScene('prepared-rooms-one-app');
    const dialog = await dialogOf('Prepare a room');
    expect(dialog.queryByRole('combobox')).toBeNull();
    expect(dialog.getByText(/The app records every call, and there is none without/)).toBeTruthy();
    await person.click(dialog.getByRole('radio', { name: /The call takes place|unasked/i }));
    expect(dialog.getByText(/Nobody gets in\./)).toBeTruthy();
    expect(dialog.getByRole('radio', { name: 'Side by side' })).toHaveProperty('checked', true);
  });
});

describe('changing a prepared room', () => {
  it('keeps the password, which nobody is shown', async () => {
    const { api } = openScene('prepared-rooms');
    const dialog = await act('konsultasi-budi', 'Change');
    expect(dialog.queryByRole('textbox', { name: 'Room' })).toBeNull();
    expect(dialog.getByRole('radio', { name: 'Stays as it is' })).toHaveProperty('checked', true);
    await person.click(dialog.getByRole('switch', { name: 'Lobby' }));
    await person.click(dialog.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(api.sent(PUT)).toEqual([
      expect.objectContaining({
        keeps_password: true,
        has_lobby: false,
        max_participants: 2,
        recording_required: true,
      }),
    ]);
    expect(api.sent(PUT)[0]).not.toHaveProperty('password');
  });

  it('takes the password away, or sets another one', async () => {
    const { api } = openScene('prepared-rooms');
    const first = await act('konsultasi-budi', 'Change');
    await person.click(first.getByRole('radio', { name: 'None any more' }));
    await person.click(first.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(api.sent(PUT)[0]).not.toHaveProperty('keeps_password');

    const second = await act('konsultasi-budi', 'Change');
    await person.click(second.getByRole('radio', { name: 'Another one' }));
    await person.click(second.getByRole('button', { name: 'Save' }));
    expect(second.getByText(/Type the new password/)).toBeTruthy();
    await person.type(second.getByRole('textbox', { name: 'New password' }), 'lain');
    await person.click(second.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(api.sent(PUT)).toHaveLength(2));
    expect(api.sent(PUT)[1]).toMatchObject({ password: 'lain' });
  });

  it('says that the call has begun meanwhile', async () => {
    const { api } = openScene('prepared-rooms');
    api.on({ [PUT]: { problem: 'room_not_prepared', status: 404 } });
    const dialog = await act('konsultasi-budi', 'Change');
    await person.click(dialog.getByRole('button', { name: 'Save' }));
    expect(await dialog.findByText(/This room is not prepared any more/)).toBeTruthy();
  });
});

describe('axe finds nothing', () => {
  it.each([
    'prepared-rooms',
    'prepared-rooms-empty',
    'prepared-rooms-no-match',
    'prepared-rooms-error',
    'prepared-rooms-viewer',
  ])('in %s', async (scene) => {
    openScene(scene);
    await screen.findByRole('heading', { level: 1 });
    await waitFor(() => expect(document.querySelector('[aria-busy="true"]')).toBeNull());
    expect(await axeViolations()).toEqual([]);
  });

  it('in the dialogs', async () => {
    openScene('prepared-rooms');
    await act('konsultasi-budi', 'Change');
    expect(await axeViolations()).toEqual([]);
  });
});
