import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openScene } from '../../testing/openScene';
import { axeViolations } from '../../testing/renderDashboard';

describe('recordings', () => {
  it('narrows by state, deletion and words, in the address and in the question', async () => {
    const { api, router } = openScene('recordings');
    await screen.findByText('Waiting for a recorder', { selector: 'td *' });
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'State' }), 'failed');
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Kind' }), 'stream');
    await userEvent.selectOptions(
      screen.getByRole('combobox', { name: 'Kept or deleted' }),
      'deleted',
    );
    await userEvent.type(screen.getByRole('searchbox', { name: 'Room or person' }), 'Budi{Enter}');
    const wanted = { state: 'failed', kind: 'stream', status: 'deleted', search: 'Budi' };
    await waitFor(() => expect(router.state.location.search).toEqual(wanted));
    await waitFor(() => {
      const { query } = api.asked.filter(({ path }) => path === '/v1/recordings').at(-1) ?? {};
      expect(Object.fromEntries(query ?? [])).toMatchObject(wanted);
    });
  });

  it('names the first people of each and counts the others', async () => {
    openScene('recordings');
    const table = within(await screen.findByRole('table', { name: 'Recordings' }));
    expect((await table.findAllByText('dr. Ayu Lestari, Budi Santoso')).length).toBeGreaterThan(1);
    expect(table.getByText('and 35 more')).toBeTruthy();
  });

  it('says why one failed, and which recorder is away', async () => {
    openScene('recordings');
    const table = await screen.findByRole('table', { name: 'Recordings' });
    expect(await within(table).findByText('The disk of the recorder was full')).toBeTruthy();
    expect(within(table).getByText('Recorder away')).toBeTruthy();
  });

  it('tells what is used of the storage', async () => {
    openScene('recordings');
    const meter = await screen.findByRole('meter', { name: 'Storage of Klinik Sehat' });
    expect(meter.getAttribute('aria-valuetext')).toBe('38.4 GB of 50 GB used');
    expect(screen.getByText(/187\.4 MB used/)).toBeTruthy();
  });

  it('says how the first one is made', async () => {
    openScene('recordings-empty');
    expect(await screen.findByText('No recordings in this period')).toBeTruthy();
    expect(
      screen.getByText('POST /v1/apps/klinik-sehat-p7w2m/rooms/{room}/recordings'),
    ).toBeTruthy();
  });

  it('opens a recording from its row, and saves a file of it', async () => {
    const { api, router } = openScene('recordings');
    const [row] = await screen.findAllByRole('link', { name: 'konsultasi-dr-ayu' });
    await userEvent.click(row as HTMLElement);
    const save = await screen.findByRole('button', {
      name: 'Download 002-par_ayu-camera.webm',
    });
    expect(router.state.location.pathname).toMatch(/\/recordings\/rec_/);
    const click = vi
      .spyOn(HTMLAnchorElement.prototype, 'click')
      .mockImplementation(() => undefined);
    await userEvent.click(save);
    await waitFor(() => expect(click).toHaveBeenCalledOnce());
    const [link] = click.mock.contexts as HTMLAnchorElement[];
    // From the host of the dashboard: a page may play and save from nowhere else.
    expect(link?.getAttribute('href')).toBe('/v1/recording_files/AZN6XI8rfD6d');
    expect(api.sent('POST /v1/recordings/*/files/file_2/link')).toEqual([{ is_download: true }]);
    click.mockRestore();
  });

  it('says why a recording failed, in words and in those of the recorder', async () => {
    openScene('recording-failed');
    expect(
      await screen.findByText('This recording failed: The disk of the recorder was full'),
    ).toBeTruthy();
    expect(screen.getByText('No space left on device')).toBeTruthy();
  });

  it('fetches nothing of a deleted one', async () => {
    openScene('recording-deleted');
    expect(await screen.findByText(/permintaan pasien/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: /^Download \d/ })).toBeNull();
  });
});

/** jsdom plays nothing: every element has data, and says what it was told. */
function mockMedia() {
  const { prototype } = HTMLMediaElement;
  vi.spyOn(prototype, 'readyState', 'get').mockReturnValue(4);
  const play = vi.spyOn(prototype, 'play').mockResolvedValue();
  const pause = vi.spyOn(prototype, 'pause').mockReturnValue();
  return { play, pause };
}

describe('the player', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('makes links when somebody plays, and not before: each is a view', async () => {
    const { play } = mockMedia();
    const { api } = openScene('recording');
    const start = await screen.findByRole('button', { name: 'Play the recording' });
    expect(api.sent('POST /v1/recordings/*/files/*/link')).toEqual([]);
    await userEvent.click(start);
    await screen.findByRole('button', { name: 'Pause' });
    expect(api.sent('POST /v1/recordings/*/files/*/link')).toHaveLength(8);
    await waitFor(() => expect(play).toHaveBeenCalled());
    const [first] = document.querySelectorAll('audio');
    expect(first?.getAttribute('src')).toBe('/v1/recording_files/AZN6XI8rfD6d');
  });

  it('shows the pictures of the moment, and seeks by keyboard', async () => {
    mockMedia();
    openScene('recording');
    await userEvent.click(await screen.findByRole('button', { name: 'Play the recording' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Pause' }));
    const screenShare = screen.getByLabelText('dr. Ayu Lestari, Screen');
    expect(screenShare.closest('figure')?.hidden).toBe(true);
    await userEvent.click(
      screen.getByRole('button', { name: /^dr. Ayu Lestari, Screen: 8:20 to 12:20/ }),
    );
    expect(screenShare.closest('figure')?.hidden).toBe(false);
    const position = screen.getByRole('slider', { name: 'Position' });
    expect(position.getAttribute('aria-valuetext')).toBe('8:20 of 24:12');
    position.focus();
    await userEvent.keyboard('{ArrowLeft}');
    expect(position.getAttribute('aria-valuetext')).toBe('8:15 of 24:12');
    expect(screenShare.closest('figure')?.hidden).toBe(true);
    await userEvent.keyboard(' ');
    expect(await screen.findByRole('button', { name: 'Pause' })).toBeTruthy();
  });

  it('plays one picture of everybody, with who spoke below it', async () => {
    mockMedia();
    const { api } = openScene('recording-composite');
    await userEvent.click(await screen.findByRole('button', { name: 'Play the recording' }));
    const spoke = within(await screen.findByRole('region', { name: 'Who spoke' }));
    expect(document.querySelectorAll('video')).toHaveLength(1);
    expect(api.sent('POST /v1/recordings/*/files/*/link')).toHaveLength(2);
    await userEvent.click(await screen.findByRole('button', { name: 'Pause' }));
    const position = screen.getByRole('slider', { name: 'Position' });
    await userEvent.click(spoke.getByRole('button', { name: 'Next words of Budi Santoso' }));
    expect(position.getAttribute('aria-valuetext')).toBe('1:16 of 24:12');
    await userEvent.click(screen.getByRole('button', { name: 'Mute' }));
    expect(document.querySelector('video')?.volume).toBe(0);
    expect(screen.getByRole('button', { name: 'Full screen' })).toBeTruthy();
  });

  it('shows a picture of it until it plays, which is no view', async () => {
    mockMedia();
    const { api } = openScene('recording-composite');
    await waitFor(() => expect(document.querySelector('[data-still="true"] img')).toBeTruthy());
    const { query } = api.asked.find(({ path }) => path === '/v1/recordings') ?? {};
    expect(query?.get('call_id')).toMatch(/^call_/);
    expect(api.sent('POST /v1/recordings/*/files/*/link')).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Play the recording' }));
    await waitFor(() => expect(document.querySelector('[data-still="true"]')).toBeNull());
  });

  it('plays one picture of everybody also where its log cannot be read', async () => {
    const { play } = mockMedia();
    const { api } = openScene('recording-composite');
    api.on({ 'GET /v1/recording_files/events': { problem: 'not_found', status: 404 } });
    await userEvent.click(await screen.findByRole('button', { name: 'Play the recording' }));
    await waitFor(() => expect(play).toHaveBeenCalled());
    expect(screen.queryByRole('region', { name: 'Who spoke' })).toBeNull();
  });

  it('mutes one person and leaves the others', async () => {
    mockMedia();
    openScene('recording');
    await userEvent.click(await screen.findByRole('button', { name: 'Play the recording' }));
    await screen.findByRole('button', { name: 'Pause' });
    await userEvent.click(screen.getByRole('button', { name: 'Mute Budi Santoso' }));
    const volumes = [...document.querySelectorAll('audio')].map(({ volume }) => volume);
    expect(volumes).toEqual([1, 0, 0, 1]);
  });

  it('makes new links when the old ones have ended', async () => {
    mockMedia();
    const { api } = openScene('recording');
    api.on({
      'POST /v1/recordings/*/files/*/link': {
        body: {
          url: 'https://call.example/v1/recording_files/old',
          expires_at: new Date(Date.now() + 1_000).toISOString(),
        },
      },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Play the recording' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Pause' }));
    api.on({
      'POST /v1/recordings/*/files/*/link': {
        body: {
          url: 'https://call.example/v1/recording_files/new',
          expires_at: new Date(Date.now() + 900_000).toISOString(),
        },
      },
    });
    await userEvent.click(screen.getByRole('button', { name: 'Play' }));
    await waitFor(() =>
      expect(document.querySelector('audio')?.getAttribute('src')).toBe('/v1/recording_files/new'),
    );
  });

  it('says what does not play, and goes on with the rest', async () => {
    mockMedia();
    openScene('recording');
    await userEvent.click(await screen.findByRole('button', { name: 'Play the recording' }));
    await screen.findByRole('button', { name: 'Pause' });
    const [first] = document.querySelectorAll('video');
    if (first) fireEvent.error(first);
    expect((await screen.findByRole('alert')).textContent).toMatch(/^1 track does not play/);
  });

  it('says that links were refused', async () => {
    const { api } = openScene('recording');
    api.on({ 'POST /v1/recordings/*/files/*/link': { problem: 'internal', status: 500 } });
    await userEvent.click(await screen.findByRole('button', { name: 'Play the recording' }));
    expect(await screen.findByText('The recording could not be played')).toBeTruthy();
  });
});

describe('a shared recording', () => {
  it('plays without a login, with the links that came with it', async () => {
    const { play } = mockMedia();
    const { api } = openScene('shared-recording');
    expect(
      await screen.findByRole('heading', { level: 1, name: 'konsultasi-dr-ayu' }),
    ).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Play the recording' }));
    await waitFor(() => expect(play).toHaveBeenCalled());
    expect(document.querySelector('audio')?.getAttribute('src')).toBe('/v1/recording_files/file_1');
    // Each question stands with the views.
    expect(api.asked.filter(({ path }) => path.startsWith('/v1/recording_links/'))).toHaveLength(1);
    vi.restoreAllMocks();
  });

  it('says that a link has ended', async () => {
    openScene('shared-recording-ended');
    expect(await screen.findByText('This link no longer opens')).toBeTruthy();
  });
});

describe('the evidence', () => {
  it('reads every file again and says that all are what was recorded', async () => {
    const { api } = openScene('recording');
    await userEvent.click(await screen.findByRole('button', { name: 'Verify' }));
    expect(await screen.findByText('All 8 files are what was recorded')).toBeTruthy();
    expect(api.sent('POST /v1/recordings/*/verify')).toHaveLength(1);
  });

  it('names the file that was changed', async () => {
    const { api } = openScene('recording');
    const verify = await screen.findByRole('button', { name: 'Verify' });
    api.on({
      'POST /v1/recordings/*/verify': {
        body: {
          is_intact: false,
          files: [
            { id: 'file_1', name: '001-par_ayu-microphone.webm', is_intact: true },
            { id: 'file_2', name: '002-par_ayu-camera.webm', is_intact: false },
          ],
        },
      },
    });
    await userEvent.click(verify);
    expect(await screen.findByText('1 file is changed or missing')).toBeTruthy();
    expect(screen.getByText('002-par_ayu-camera.webm')).toBeTruthy();
  });

  it('says who agreed, who did not, and who looked at it', async () => {
    openScene('recording');
    const people = await screen.findByRole('table', { name: 'People in the call' });
    const siti = within(people).getByRole('row', { name: /Siti Rahmawati/ });
    expect(siti.textContent).toContain('Did not agree');
    const views = screen.getByRole('table', { name: 'Who looked at it' });
    expect(await within(views).findByText('Evidence downloaded')).toBeTruthy();
  });
});

describe('what is done with a recording', () => {
  it('stops one that runs', async () => {
    const { api } = openScene('recording-running');
    await userEvent.click(await screen.findByRole('button', { name: 'Stop recording' }));
    await waitFor(() => expect(api.sent('POST /v1/recordings/*/stop')).toHaveLength(1));
  });

  it('deletes with a reason, and not without', async () => {
    const { api } = openScene('recording');
    await userEvent.click(await screen.findByRole('button', { name: 'More actions' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Delete the recording' }));
    const dialog = await screen.findByRole('dialog');
    const confirm = within(dialog).getByRole<HTMLButtonElement>('button', {
      name: 'Delete the recording',
    });
    expect(confirm.disabled).toBe(true);
    await userEvent.type(within(dialog).getByLabelText('Reason'), 'permintaan pasien');
    await userEvent.click(confirm);
    await waitFor(() =>
      expect(api.sent('DELETE /v1/recordings/*')).toEqual([{ reason: 'permintaan pasien' }]),
    );
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('says what to do first when a hold keeps it', async () => {
    const { api } = openScene('recording');
    api.on({ 'DELETE /v1/recordings/*': { problem: 'recording_held', status: 409 } });
    await userEvent.click(await screen.findByRole('button', { name: 'More actions' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Delete the recording' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.type(within(dialog).getByLabelText('Reason'), 'salah rekam');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Delete the recording' }));
    expect(await within(dialog).findByText('End the legal hold first.')).toBeTruthy();
  });

  it('restores one that was deleted', async () => {
    const { api } = openScene('recording-deleted');
    await userEvent.click(await screen.findByRole('button', { name: 'Restore' }));
    await waitFor(() => expect(api.sent('POST /v1/recordings/*/restore')).toHaveLength(1));
  });

  it('puts it under legal hold', async () => {
    const { api } = openScene('recording');
    await userEvent.click(await screen.findByRole('button', { name: 'More actions' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Put under legal hold' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Put under legal hold' }));
    await waitFor(() =>
      expect(api.sent('PUT /v1/recordings/*/legal_hold')).toEqual([{ is_held: true }]),
    );
  });

  it('shares with an end, and takes a link back', async () => {
    const { api } = openScene('recording');
    await userEvent.click(await screen.findByRole('button', { name: 'Share' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.selectOptions(within(dialog).getByLabelText('Works for'), '30');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Make a link' }));
    expect(
      await within(dialog).findByText('https://call.example/dashboard/shared/8NbQ5fR2kX9w'),
    ).toBeTruthy();
    expect(api.sent('POST /v1/recordings/*/links')).toEqual([{ expires_in_s: 2_592_000 }]);
    await userEvent.click(within(dialog).getByRole('button', { name: /^Revoke link 1 of siti/ }));
    await waitFor(() => expect(api.sent('DELETE /v1/recordings/*/links/*')).toHaveLength(1));
    // An address that no longer opens is not left to be copied.
    await waitFor(() => expect(within(dialog).queryByText(/8NbQ5fR2kX9w/)).toBeNull());
  });
});

it.each([
  'recordings',
  'recordings-empty',
  'recordings-error',
  'recordings-forbidden',
  'recording',
  'recording-running',
  'recording-failed',
  'shared-recording',
  'shared-recording-ended',
])('axe finds nothing in %s', async (scene) => {
  openScene(scene);
  await screen.findByRole('heading', { level: 1 });
  await waitFor(() => expect(document.querySelector('[aria-busy="true"]')).toBeNull());
  expect(await axeViolations()).toEqual([]);
});
