import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { openScene } from '../../testing/openScene';
import { axeViolations } from '../../testing/renderDashboard';

describe('webhooks', () => {
  it('makes an endpoint for chosen events and shows its secret once', async () => {
    const { api } = openScene('webhooks');
    await userEvent.click(await screen.findByRole('button', { name: 'Add an endpoint' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Create' }));
    expect(within(dialog).getByText('Type a complete address with https://')).toBeTruthy();
    await userEvent.type(
      within(dialog).getByRole('textbox', { name: 'Address' }),
      'https://toko.example/hook',
    );
    await userEvent.click(within(dialog).getByRole('radio', { name: /^Only these/ }));
    await userEvent.click(within(dialog).getByRole('checkbox', { name: 'room.ended' }));
    await userEvent.click(within(dialog).getByRole('radio', { name: /^JaaS/ }));
    await userEvent.click(within(dialog).getByRole('button', { name: 'Create' }));
    expect(await screen.findByText(/^whsec_Mk4p/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'I have stored it' }));
    await waitFor(() => expect(screen.queryByText(/^whsec_/)).toBeNull());
    expect(api.sent('POST /v1/webhooks')).toEqual([
      { url: 'https://toko.example/hook', app_id: null, events: ['room.ended'], format: 'jaas' },
    ]);
  });

  it('wants at least one event', async () => {
    const { api } = openScene('webhook');
    await userEvent.click(await screen.findByRole('button', { name: 'Edit' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(within(dialog).getByRole('radio', { name: /^Every event/ }));
    await userEvent.click(within(dialog).getByRole('radio', { name: /^Only these/ }));
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(within(dialog).getByText('Choose at least one event')).toBeTruthy();
    expect(api.sent('PATCH /v1/webhooks/*')).toEqual([]);
  });

  it('sends a test event', async () => {
    const { api } = openScene('webhook');
    await userEvent.click(await screen.findByRole('button', { name: 'Send a test event' }));
    await waitFor(() => expect(api.sent('POST /v1/webhooks/*/test')).toHaveLength(1));
  });

  it('replaces the secret after asking and shows the new one', async () => {
    openScene('webhook');
    await userEvent.click(await screen.findByRole('button', { name: 'More actions' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Replace the secret' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Replace the secret' }));
    expect(await screen.findByText(/^whsec_Zx8K/)).toBeTruthy();
  });

  it('says why an endpoint was stopped and lets it go on', async () => {
    const { api } = openScene('webhook-stopped');
    await screen.findByText('This endpoint was stopped after days of failures');
    await userEvent.click(screen.getByRole('button', { name: 'Let it go on' }));
    await waitFor(() => expect(api.sent('POST /v1/webhooks/*/resume')).toHaveLength(1));
  });
});

describe('deliveries', () => {
  it('narrow to a state in the address', async () => {
    const { api, router } = openScene('webhook');
    await userEvent.selectOptions(await screen.findByRole('combobox', { name: 'State' }), 'failed');
    await waitFor(() => expect(router.state.location.search).toEqual({ status: 'failed' }));
    await waitFor(() => {
      const asked = api.asked.filter(({ path }) => path.endsWith('/deliveries')).at(-1);
      expect(asked?.query.get('status')).toBe('failed');
    });
  });

  it('show what was sent and answered, and are sent again', async () => {
    const { api, router } = openScene('webhook');
    const [first] = await screen.findAllByRole('button', { name: 'participant.joined' });
    await userEvent.click(first as HTMLElement);
    const dialog = await screen.findByRole('dialog');
    await within(dialog).findByText(/"subject": "pasien-7"/);
    expect(within(dialog).getByText(/502 Bad Gateway/)).toBeTruthy();
    expect(within(dialog).getByText('no answer within 10 s')).toBeTruthy();
    expect(router.state.location.search).toEqual({ delivery: 'whd_0' });
    await userEvent.click(within(dialog).getByRole('button', { name: 'Send again' }));
    await waitFor(() => expect(api.sent('POST /v1/webhook_deliveries/*/resend')).toHaveLength(1));
  });
});

it.each(['webhooks', 'webhooks-empty', 'webhook', 'webhook-delivery', 'webhook-stopped'])(
  'axe finds nothing in %s',
  async (scene) => {
    openScene(scene);
    await screen.findByRole('heading', { level: 1 });
    await waitFor(() => expect(document.querySelector('[aria-busy="true"]')).toBeNull());
    expect(await axeViolations()).toEqual([]);
  },
);
