import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { openScene } from '../testing/openScene';
import { axeViolations } from '../testing/renderDashboard';

const open = openScene;

describe('clients', () => {
  it('makes a client with owner and app by three fields', async () => {
    const { api, router } = open('clients');
    await userEvent.click(await screen.findByRole('button', { name: 'New client' }));
    const name = await screen.findByRole('textbox', { name: 'Name of the organisation' });
    await userEvent.type(name, 'Toko Melati');
    await userEvent.type(
      screen.getByRole('textbox', { name: "Owner's e-mail" }),
      'dewi@melati.example{enter}',
    );
    expect(await screen.findByText(/invitation\?token=/)).toBeTruthy();
    expect(screen.getByText('toko-melati-z4c8r')).toBeTruthy();
    expect(await axeViolations()).toEqual([]);
    expect(api.sent('POST /v1/operator/tenants')).toMatchObject([
      {
        name: 'Toko Melati',
        owner: { email: 'dewi@melati.example' },
        app: { name: 'Toko Melati' },
      },
    ]);
    await userEvent.click(screen.getByRole('button', { name: 'I have stored it' }));
    await waitFor(() => expect(router.state.location.pathname).toMatch(/\/clients\/ten_/));
    expect(screen.queryByText('3vQm8Xc2LkT7pRz1WnYb5HsJd0FgA9eU')).toBeNull();
  });

  it('sends nothing before the fields are right', async () => {
    const { api } = open('clients');
    await userEvent.click(await screen.findByRole('button', { name: 'New client' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Create the client' }));
    expect(await screen.findByText('Type a complete e-mail address')).toBeTruthy();
    expect(api.sent('POST /v1/operator/tenants')).toEqual([]);
  });

  it('searches and filters through the address', async () => {
    const { api, router } = open('clients');
    await userEvent.type(await screen.findByRole('searchbox'), 'melati');
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'State' }), 'Suspended');
    await waitFor(() =>
      expect(router.state.location.search).toEqual({ search: 'melati', status: 'suspended' }),
    );
    await waitFor(() => {
      const { query } =
        api.asked.filter(({ path }) => path === '/v1/operator/tenants').at(-1) ?? {};
      expect(query?.get('search')).toBe('melati');
      expect(query?.get('status')).toBe('suspended');
    });
  });

  it('looks at a client as its people see it, and comes back', async () => {
    const { api, router } = open('client');
    api.on({
      'POST /v1/operator/tenants/*/view': {
        body: { tenant_id: 'ten_1', until: '2026-11-22T05:00:00Z' },
      },
      'DELETE /v1/operator/tenants/*/view': { status: 204, body: null },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Manage' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'View as client' }));
    await userEvent.click(await screen.findByRole('button', { name: 'View as client' }));
    await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/t\/ten_/));
    await userEvent.click(await screen.findByRole('button', { name: 'Back to the operator area' }));
    await waitFor(() =>
      expect(router.state.location.pathname).toMatch(/\/operator\/clients\/ten_/),
    );
  });

  it('asks for the name before a client is deleted', async () => {
    const { api } = open('client');
    await userEvent.click(await screen.findByRole('button', { name: 'Manage' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Delete' }));
    const dialog = await screen.findByRole('dialog');
    const confirm = within(dialog).getByRole('button', { name: 'Delete' });
    expect(confirm.hasAttribute('disabled')).toBe(true);
    api.on({ 'DELETE /v1/operator/tenants/*': { body: { name: 'Klinik Sehat' } } });
    await userEvent.type(within(dialog).getByRole('textbox'), 'Klinik Sehat');
    await userEvent.click(confirm);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(api.sent('DELETE /v1/operator/tenants/*')).toHaveLength(1);
  });

  it('offers a deleted client back and nothing else', async () => {
    open('client-deleted');
    await userEvent.click(await screen.findByRole('button', { name: 'Manage' }));
    const items = await screen.findAllByRole('menuitem');
    expect(items.map((item) => item.textContent)).toEqual(['Restore']);
  });
});

describe('people and mails', () => {
  it('resets the second factor of somebody after a question', async () => {
    const { api } = open('operator-people');
    api.on({ 'POST /v1/operator/users/*/reset_second_factor': { status: 204, body: null } });
    const name = 'Reset the second factor of Siti Rahmawati';
    await userEvent.click(await screen.findByRole('button', { name }));
    await userEvent.click(await screen.findByRole('button', { name: 'Reset' }));
    await waitFor(() =>
      expect(api.sent('POST /v1/operator/users/usr_siti/reset_second_factor')).toHaveLength(1),
    );
  });

  it('shows the text of a mail that waits and sends a failed one again', async () => {
    const { api } = open('mails');
    api.on({ 'POST /v1/operator/mails/*/retry': { status: 204, body: null } });
    const read = 'Read “You are invited to Toko Melati” to dewi@melati.example';
    await userEvent.click(await screen.findByRole('button', { name: read }));
    expect(await screen.findByText(/invites you to its Jumpa dashboard/)).toBeTruthy();
    await userEvent.keyboard('{Escape}');
    await userEvent.click(await screen.findByRole('button', { name: /^Send again “Pilih/ }));
    await waitFor(() => expect(api.sent('POST /v1/operator/mails/mai_2/retry')).toHaveLength(1));
  });

  it('narrows the audit log to one client and opens it again', async () => {
    const { api, router } = open('operator-audit');
    const clear = await screen.findByRole('button', { name: /not only Klinik Sehat/ });
    const lastAsked = () => api.asked.filter(({ path }) => path === '/v1/operator/audit').at(-1);
    expect(lastAsked()?.query.get('tenant_id')).toMatch(/^ten_/);
    await userEvent.click(clear);
    await waitFor(() => expect(router.state.location.search).toEqual({}));
    await waitFor(() => expect(lastAsked()?.query.get('tenant_id')).toBeNull());
  });
});

describe('the platform', () => {
  it('moves an app to production with other limits', async () => {
    const { api } = open('client');
    api.on({ 'PATCH /v1/operator/apps/*': { body: {} } });
    await userEvent.click(await screen.findByRole('button', { name: 'Limits of Demo' }));
    await userEvent.click(await screen.findByRole('radio', { name: /^Production/ }));
    const minutes = screen.getByRole('textbox', { name: 'Minutes per month' });
    await userEvent.clear(minutes);
    await userEvent.click(
      screen.getByRole('checkbox', { name: 'Take the domain call.demo.example away from it' }),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(api.sent('PATCH /v1/operator/apps/demo-k3x9q')).toMatchObject([
      {
        environment: 'production',
        limits: { max_participants: 10, minutes_per_month: null, storage_bytes: 5_000_000_000 },
        own_domain: null,
      },
    ]);
  });

  it('drains a node after a question and takes it back without one', async () => {
    const { api } = open('system');
    api.on({
      'POST /v1/operator/nodes/*/drain': { body: {} },
      'POST /v1/operator/nodes/*/undrain': { body: {} },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Drain nod_019a8f3e5c7d' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Drain' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await userEvent.click(screen.getByRole('button', { name: 'Undo draining nod_019a8f3e7b1c' }));
    await waitFor(() =>
      expect(api.sent('POST /v1/operator/nodes/nod_019a8f3e7b1c/undrain')).toHaveLength(1),
    );
    expect(api.sent('POST /v1/operator/nodes/nod_019a8f3e5c7d/drain')).toHaveLength(1);
  });

  it('shows what is wrong with the server and what to do', async () => {
    open('system');
    const row = await screen.findByRole('row', { name: /^Free space/ });
    expect(row.textContent).toContain('Doubtful');
    expect(row.textContent).toContain('412 MiB are left for the data folder.Make room soon.');
  });

  it('says what it does not know itself in the words of the server', async () => {
    open('system');
    const row = await screen.findByRole('row', { name: /^recorder/ });
    expect(row.querySelector('[lang="en"]')?.textContent).toBe('recorder');
    expect(row.textContent).toContain('start it again');
  });

  it('names clients whose endpoints take no events', async () => {
    open('system');
    const row = await screen.findByRole('row', { name: /api.kliniksehat.example/ });
    expect(row.textContent).toContain('Fails');
    expect(row.querySelector('a')?.getAttribute('href')).toMatch(/\/operator\/clients\/ten_/);
  });

  it('lists running calls of every client', async () => {
    open('operator-rooms');
    expect(await screen.findByRole('link', { name: 'demo-produk' })).toBeTruthy();
  });
});

it.each([
  'operator-rooms',
  'system',
  'clients',
  'clients-empty',
  'client',
  'operator-people',
  'mails',
  'operator-audit',
])('axe finds nothing in %s', async (scene) => {
  open(scene);
  await screen.findByRole('heading', { level: 1 });
  await waitFor(() => expect(document.querySelector('[aria-busy="true"]')).toBeNull());
  expect(await axeViolations()).toEqual([]);
});
