import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { openScene } from '../../testing/openScene';
import { axeViolations } from '../../testing/renderDashboard';

const person = userEvent.setup({ delay: null });

async function openDialog() {
  const { api } = openScene('room');
  await person.click(await screen.findByRole('button', { name: 'Record…' }));
  const dialog = await screen.findByRole('dialog', { name: /^Record konsultasi/ });
  return { api, dialog: within(dialog) };
}

describe('recording a live room', () => {
  it('asks for one video with its layout, made during the call, and for tracks otherwise', async () => {
    const { api, dialog } = await openDialog();
    await person.click(dialog.getByRole('radio', { name: /Everybody in one picture/ }));
    await person.click(dialog.getByRole('radio', { name: 'Speaker large' }));
    await person.click(dialog.getByRole('radio', { name: /^1080p/ }));
    await person.click(dialog.getByRole('switch', { name: 'Names on the picture' }));
    await person.click(dialog.getByRole('radio', { name: /During the call/ }));
    await person.click(dialog.getByRole('button', { name: 'Start recording' }));
    await waitFor(() =>
      expect(api.sent('POST /v1/apps/*/rooms/*/recordings')).toEqual([
        {
          kind: 'composite',
          layout: 'speaker',
          height: 1080,
          has_names: false,
          compose: 'live',
          fallback: 'tracks',
        },
      ]),
    );
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('streams to a stored place and to another with its key', async () => {
    const { api, dialog } = await openDialog();
    await person.click(dialog.getByRole('radio', { name: /Live stream/ }));
    const first = within(dialog.getByRole('group', { name: 'Place 1' }));
    await person.selectOptions(
      first.getByRole('combobox', { name: 'Where to' }),
      'Kanal Klinik Sehat',
    );
    expect(first.queryByRole('textbox', { name: 'Stream key' })).toBeNull();
    await person.click(dialog.getByRole('button', { name: '+ Add another place' }));
    await person.click(dialog.getByRole('button', { name: 'Go live' }));
    expect(await dialog.findByText('Enter the stream key.')).toBeTruthy();
    expect(api.sent('POST /v1/apps/*/rooms/*/recordings')).toEqual([]);
    await person.type(dialog.getByRole('textbox', { name: 'Stream key' }), 'kunci');
    await person.click(dialog.getByRole('button', { name: 'Go live' }));
    await waitFor(() =>
      expect(api.sent('POST /v1/apps/*/rooms/*/recordings')).toEqual([
        {
          kind: 'stream',
          layout: 'grid',
          height: 720,
          has_names: true,
          targets: [{ id: 'str_7' }, { preset: 'youtube', key: 'kunci' }],
        },
      ]),
    );
  });

  it('says why the server refuses it', async () => {
    const { api, dialog } = await openDialog();
    api.on({ 'POST /v1/apps/*/rooms/*/recordings': { problem: 'forbidden', status: 403 } });
    await person.click(dialog.getByRole('button', { name: 'Start recording' }));
    expect(await dialog.findByRole('alert')).toBeTruthy();
  });
});

describe('a stream', () => {
  it('tells of each place how it is, and takes one out', async () => {
    const { api } = openScene('recording-streamed');
    const table = within(await screen.findByRole('table', { name: 'Places of the stream' }));
    expect(table.getByText('2.9 Mbit/s')).toBeTruthy();
    expect(table.getByText('The stream key is refused')).toBeTruthy();
    await person.click(
      table.getByRole('button', { name: 'Stop the stream to Kanal Klinik Sehat' }),
    );
    await waitFor(() =>
      expect(api.sent('PUT /v1/recordings/*/targets')).toEqual([
        { targets: [{ id: 'str_1' }, { id: 'str_3' }] },
      ]),
    );
  });
});

describe('the state of a recording', () => {
  it('tells its place in the queue and when it begins', async () => {
    openScene('recording-queued');
    expect(await screen.findByText(/^Place 2 in the queue, begins at about/)).toBeTruthy();
  });

  it('tells how much of the video is made', async () => {
    openScene('recording-composing');
    expect(await screen.findByText('The video is being made')).toBeTruthy();
    expect(screen.getByText('42% done')).toBeTruthy();
  });

  it('tells what to do when it failed', async () => {
    openScene('recording-failed');
    expect(await screen.findByText(/the recorder needs space/)).toBeTruthy();
  });

  it('tells who agreed, who did not, and who was not asked', async () => {
    openScene('recording');
    const people = within(await screen.findByRole('table', { name: 'People in the call' }));
    const row = (name: RegExp) => people.getByRole('row', { name }).textContent;
    expect(row(/Ayu/)).toContain('Began the recording');
    expect(row(/Budi/)).toContain('Agreed');
    expect(row(/Siti/)).toContain('Did not agree');
  });
});

it.each(['recording-streamed', 'recording-queued', 'recording-composing', 'recording-composite'])(
  'axe finds nothing in %s',
  async (scene) => {
    openScene(scene);
    await screen.findByRole('heading', { level: 1 });
    await waitFor(() => expect(screen.queryByText('Loading')).toBeNull());
    expect(await axeViolations()).toEqual([]);
  },
);
