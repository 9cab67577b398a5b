import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { openScene } from '../../testing/openScene';
import { axeViolations } from '../../testing/renderDashboard';

const person = userEvent.setup({ delay: null });

describe('which calls are recorded', () => {
  const rule = async () =>
    within(await screen.findByRole('region', { name: 'Which calls are recorded' }));

  it('is every call in one picture, and none without, and tells what callers will see', async () => {
    const { api } = openScene('recording-settings');
    const card = await rule();
    expect(card.getByRole('button', { name: 'Save' })).toHaveProperty('disabled', true);
    expect(card.queryByRole('group', { name: 'What is kept' })).toBeNull();
    await person.click(card.getByRole('radio', { name: /and none without/ }));
    expect(
      card.getByText(/Nobody gets in\. They read that this call cannot be recorded/),
    ).toBeTruthy();
    await person.click(card.getByRole('radio', { name: /Everybody in one picture/ }));
    await person.click(card.getByRole('radio', { name: 'Speaker large' }));
    await person.click(card.getByRole('radio', { name: /^1080p/ }));
    await person.click(card.getByRole('switch', { name: 'Names on the picture' }));
    await person.click(card.getByRole('radio', { name: /During the call/ }));
    await person.click(card.getByRole('button', { name: 'Save' }));
    await waitFor(() =>
      expect(api.sent('PATCH /v1/apps/*')).toEqual([
        {
          recording_required: true,
          auto_record: {
            kind: 'composite',
            layout: 'speaker',
            height: 1080,
            has_names: false,
            compose: 'live',
            fallback: 'tracks',
          },
        },
      ]),
    );
  });

  it('is none unasked any more', async () => {
    const { api } = openScene('recording-settings-required');
    const card = await rule();
    expect(card.getByRole('radio', { name: /and none without/ })).toHaveProperty('checked', true);
    expect(card.getByRole('radio', { name: 'Speaker large' })).toHaveProperty('checked', true);
    expect(card.getByRole('radio', { name: /^1080p/ })).toHaveProperty('checked', true);
    await person.click(card.getByRole('radio', { name: /When somebody asks/ }));
    await person.click(card.getByRole('button', { name: 'Save' }));
    await waitFor(() =>
      expect(api.sent('PATCH /v1/apps/*')).toEqual([
        { recording_required: false, auto_record: null },
      ]),
    );
  });

  it('streams to stored places, at least to one', async () => {
    const { api } = openScene('recording-settings-stream');
    const card = await rule();
    await person.click(await card.findByRole('checkbox', { name: 'Kanal Klinik Sehat' }));
    await person.click(card.getByRole('button', { name: 'Save' }));
    expect(card.getByText('Choose where calls are streamed to.')).toBeTruthy();
    const [, other] = card.getAllByRole('checkbox');
    if (other) await person.click(other);
    await person.click(card.getByRole('button', { name: 'Save' }));
    await waitFor(() =>
      expect(api.sent('PATCH /v1/apps/*')).toEqual([
        {
          recording_required: false,
          auto_record: {
            kind: 'stream',
            layout: 'grid',
            height: 720,
            has_names: true,
            target_ids: ['str_8'],
          },
        },
      ]),
    );
  });

  it('says that it does nothing while the app does not record', async () => {
    openScene('recording-settings-off');
    const card = await rule();
    expect(card.getByText('Recording is switched off for this app')).toBeTruthy();
    const access = card.getByRole('link', { name: 'Switch it on under Access' });
    expect(access.getAttribute('href')).toMatch(/\/access$/);
  });

  it('is read by those who may not change it', async () => {
    openScene('recording-settings-viewer');
    const card = await rule();
    expect(card.queryByRole('button', { name: 'Save' })).toBeNull();
    for (const radio of card.getAllByRole('radio')) {
      expect(radio.closest('fieldset')).toHaveProperty('disabled', true);
    }
  });

  it('says why the server refuses it, and keeps what was chosen', async () => {
    const { api } = openScene('recording-settings');
    api.on({ 'PATCH /v1/apps/*': { problem: 'forbidden', status: 403 } });
    const card = await rule();
    await person.click(card.getByRole('radio', { name: /From its beginning/ }));
    await person.click(card.getByRole('button', { name: 'Save' }));
    expect(await card.findByRole('alert')).toBeTruthy();
    expect(card.getByRole('radio', { name: /From its beginning/ })).toHaveProperty('checked', true);
  });
});

describe('places for live streams', () => {
  it('are stored with a key that is not shown again', async () => {
    const { api } = openScene('recording-settings');
    await person.click(await screen.findByRole('button', { name: 'Add a place' }));
    const dialog = within(await screen.findByRole('dialog'));
    await person.type(dialog.getByRole('textbox', { name: 'Name' }), 'Toko Melati');
    await person.selectOptions(dialog.getByRole('combobox', { name: 'Where to' }), 'other');
    await person.type(dialog.getByRole('textbox', { name: 'Address' }), 'rtmp://live.example/app');
    await person.type(dialog.getByRole('textbox', { name: 'Stream key' }), 'rahasia');
    await person.click(dialog.getByRole('button', { name: 'Add it' }));
    await waitFor(() =>
      expect(api.sent('POST /v1/apps/*/stream_targets')).toEqual([
        { name: 'Toko Melati', url: 'rtmp://live.example/app', key: 'rahasia' },
      ]),
    );
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(document.body.innerHTML).not.toContain('rahasia');
  });

  it('are removed after a question', async () => {
    const { api } = openScene('recording-settings');
    await person.click(await screen.findByRole('button', { name: 'Remove Kanal Klinik Sehat' }));
    const dialog = within(await screen.findByRole('dialog'));
    await person.click(dialog.getByRole('button', { name: 'Remove' }));
    await waitFor(() => expect(api.sent('DELETE /v1/apps/*/stream_targets/*')).toHaveLength(1));
  });
});

describe('where recordings lie', () => {
  it('is tested and saved, with the words of the storage where it refuses', async () => {
    const { api } = openScene('recording-settings-empty');
    await person.click(await screen.findByRole('radio', { name: /bucket of your own/ }));
    await person.click(screen.getByRole('button', { name: 'Test and save' }));
    expect(await screen.findByText(/Enter the name of a bucket/)).toBeTruthy();
    for (const [label, text] of [
      ['Address of the server', 'https://s3.klinik.example'],
      ['Region', 'garage'],
      ['Bucket', 'rekaman-klinik'],
      ['Access key', 'GK31c2'],
      ['Secret key', 'rahasia'],
    ] as const) {
      await person.type(screen.getByRole('textbox', { name: label }), text);
    }
    await person.click(screen.getByRole('radio', { name: /By Jumpa/ }));
    api.on({ 'PUT /v1/apps/*/recording_storage': { problem: 'storage_refused', status: 409 } });
    await person.click(screen.getByRole('button', { name: 'Test and save' }));
    expect(await screen.findByText('The storage of recordings refuses.')).toBeTruthy();
    expect(api.sent('PUT /v1/apps/*/recording_storage')).toEqual([
      {
        s3: {
          endpoint: 'https://s3.klinik.example',
          region: 'garage',
          bucket: 'rekaman-klinik',
          access_key_id: 'GK31c2',
          secret_access_key: 'rahasia',
        },
        encryption: 'envelope',
      },
    ]);
  });

  it('keeps the secret that is stored, and needs it again for another place', async () => {
    const { api } = openScene('recording-settings');
    await person.click(await screen.findByRole('button', { name: 'Test' }));
    expect(await screen.findByText(/deleted in 84 ms/)).toBeTruthy();
    await person.click(screen.getByRole('radio', { name: /By the storage/ }));
    await person.click(screen.getByRole('button', { name: 'Test and save' }));
    await waitFor(() => expect(api.sent('PUT /v1/apps/*/recording_storage')).toHaveLength(1));
    await person.type(screen.getByRole('textbox', { name: 'Bucket' }), '-2');
    await person.click(screen.getByRole('button', { name: 'Test and save' }));
    expect(await screen.findByText('Enter the secret key.')).toBeTruthy();
    expect(api.sent('PUT /v1/apps/*/recording_storage')).toHaveLength(1);
  });

  it('is chosen by the operator for all apps that chose nothing', async () => {
    const { api } = openScene('operator-settings');
    await person.click(await screen.findByRole('radio', { name: /In a bucket/ }));
    for (const [label, text] of [
      ['Region', 'ap-southeast-3'],
      ['Bucket', 'rekaman'],
      ['Access key', 'AKIA'],
      ['Secret key', 'rahasia'],
    ] as const) {
      await person.type(screen.getByRole('textbox', { name: label }), text);
    }
    await person.click(screen.getByRole('button', { name: 'Test and save' }));
    await waitFor(() =>
      expect(api.sent('PUT /v1/operator/recording_storage')).toEqual([
        {
          s3: {
            region: 'ap-southeast-3',
            bucket: 'rekaman',
            access_key_id: 'AKIA',
            secret_access_key: 'rahasia',
          },
          encryption: 'none',
        },
      ]),
    );
  });

  it('is given back to the platform', async () => {
    const { api } = openScene('recording-settings');
    await person.click(await screen.findByRole('radio', { name: /With the platform/ }));
    await person.click(screen.getByRole('button', { name: "Use the platform's storage" }));
    await waitFor(() => expect(api.sent('DELETE /v1/apps/*/recording_storage')).toHaveLength(1));
  });
});

it.each([
  'recording-settings',
  'recording-settings-empty',
  'recording-settings-error',
  'recording-settings-required',
  'recording-settings-stream',
  'recording-settings-off',
  'recording-settings-viewer',
])('axe finds nothing in %s', async (scene) => {
  openScene(scene);
  await screen.findByRole('heading', { level: 1 });
  await waitFor(() => expect(screen.queryByText('Loading')).toBeNull());
  expect(await axeViolations()).toEqual([]);
});
