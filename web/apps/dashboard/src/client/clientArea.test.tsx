import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { openScene } from '../testing/openScene';
import { axeViolations } from '../testing/renderDashboard';

const KEY_ID = 'key_019a8f3e5c7d7b0e9a51c2d4e6f80a1b';

const open = openScene;

describe('keys', () => {
  it('asks for the name of a key before it is revoked', async () => {
    const { api } = open('keys');
    api.on({ 'POST /v1/apps/*/keys/*/revoke': { status: 204, body: null } });
    await userEvent.click(await screen.findByRole('button', { name: `Actions for ${KEY_ID}` }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Revoke' }));
    const dialog = await screen.findByRole('dialog');
    const revoke = within(dialog).getByRole('button', { name: 'Revoke' });
    expect(revoke.hasAttribute('disabled')).toBe(true);
    await userEvent.type(within(dialog).getByRole('textbox'), KEY_ID);
    await userEvent.click(revoke);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(api.sent('POST /v1/apps/*/keys/*/revoke')).toHaveLength(1);
  });

  it('shows the secret of a new key once', async () => {
    open('keys');
    await userEvent.click(await screen.findByRole('button', { name: 'Add a key' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Create' }));
    expect(await screen.findByText('3vQm8Xc2LkT7pRz1WnYb5HsJd0FgA9eU')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'I have stored it' }));
    await waitFor(() => expect(screen.queryByText(/3vQm8/)).toBeNull());
  });

  it('names the tenant in every request about it', async () => {
    const { api } = open('keys');
    await screen.findByText(KEY_ID);
    // Who one is and what the platform is called belong to no tenant.
    const about = api.asked.filter(
      ({ path }) => path !== '/v1/me' && !path.startsWith('/v1/public/'),
    );
    expect(about.length).toBeGreaterThan(2);
    for (const { path, tenant } of about) expect(tenant, path).toMatch(/^ten_/);
  });

  it('lets a visiting operator look and change nothing', async () => {
    open('visitor');
    await screen.findByText(KEY_ID);
    expect(screen.getByText(/You look at Klinik Sehat as its operator/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Add a key' })).toBeNull();
    expect(screen.queryByRole('button', { name: /^Actions for/ })).toBeNull();
  });
});

describe('team', () => {
  it('invites somebody and shows the link', async () => {
    const { api } = open('team');
    await userEvent.click(await screen.findByRole('button', { name: 'Invite somebody' }));
    await userEvent.type(
      await screen.findByRole('textbox', { name: 'E-mail' }),
      'a@klinik.example',
    );
    await userEvent.click(screen.getByRole('radio', { name: /^Agent/ }));
    await userEvent.click(screen.getByRole('button', { name: 'Send the invitation' }));
    expect(await screen.findByText(/invitation\?token=/)).toBeTruthy();
    expect(api.sent('POST /v1/invitations')).toEqual([
      { email: 'a@klinik.example', role: 'agent' },
    ]);
  });

  it('sends an invitation again and hands the new link over', async () => {
    const { api } = open('team');
    api.on({
      'POST /v1/invitations/*/resend': {
        body: {
          invitation: { email: 'dewi@kliniksehat.example' },
          link: 'https://call.example/dashboard/invitation?token=baru',
        },
      },
    });
    const name = 'Send again to dewi@kliniksehat.example';
    await userEvent.click(await screen.findByRole('button', { name }));
    expect(await screen.findByText(/token=baru/)).toBeTruthy();
  });

  it('changes nothing while the organisation is suspended', async () => {
    open('team-suspended');
    expect(await screen.findByText(/has suspended your organisation/)).toBeTruthy();
    await screen.findByText('Budi Santoso');
    expect(screen.queryByRole('button', { name: 'Invite somebody' })).toBeNull();
    expect(screen.queryByRole('button', { name: /^Change/ })).toBeNull();
  });

  it('says when the role does not reach it', async () => {
    open('team-forbidden');
    expect(await screen.findByText('Your role does not include this')).toBeTruthy();
  });
});

describe('audit log', () => {
  it('asks for one kind of act and says what changed', async () => {
    const { api, router } = open('audit');
    await userEvent.selectOptions(
      await screen.findByRole('combobox', { name: 'Act' }),
      'Member removed',
    );
    await waitFor(() => expect(router.state.location.search).toEqual({ action: 'member.removed' }));
    await waitFor(() => {
      const asked = api.asked.filter(({ path }) => path === '/v1/audit');
      expect(asked.at(-1)?.query.get('action')).toBe('member.removed');
    });
    expect(await screen.findByText('refused')).toBeTruthy();
  });
});

it.each([
  'start',
  'apps',
  'keys',
  'access',
  'branding',
  'app-settings',
  'playground',
  'team',
  'audit',
  'settings',
])('axe finds nothing in %s', async (scene) => {
  open(scene);
  await screen.findByRole('heading', { level: 1 });
  await waitFor(() => expect(document.querySelector('[aria-busy="true"]')).toBeNull());
  expect(await axeViolations()).toEqual([]);
});

describe('an app', () => {
  it('switches a feature at once', async () => {
    const { api } = open('access');
    api.on({ 'PATCH /v1/apps/*': { body: {} } });
    await userEvent.click(await screen.findByRole('switch', { name: 'Chat' }));
    await waitFor(() =>
      expect(api.sent('PATCH /v1/apps/*')).toEqual([{ features: { chat: false } }]),
    );
  });

  it('takes a refused switch back and says why', async () => {
    const { api } = open('access');
    api.on({ 'PATCH /v1/apps/*': { problem: 'tenant_suspended', status: 403 } });
    const box = await screen.findByRole('switch', { name: 'Each token works once' });
    await userEvent.click(box);
    expect((await screen.findByRole('alert')).textContent).toContain('suspended');
    await waitFor(() => expect(box).toHaveProperty('checked', true));
  });

  it('keeps a look, and an emptied field is that of the server', async () => {
    const { api } = open('branding');
    api.on({ 'PATCH /v1/apps/*': { body: {} } });
    const name = await screen.findByRole('textbox', { name: 'Name' });
    await userEvent.clear(name);
    await userEvent.type(screen.getByRole('textbox', { name: /^Logo/ }), 'logo.svg');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Type an address that begins with https://')).toBeTruthy();
    expect(api.sent('PATCH /v1/apps/*')).toEqual([]);
    await userEvent.clear(screen.getByRole('textbox', { name: /^Logo/ }));
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() =>
      expect(api.sent('PATCH /v1/apps/*')).toMatchObject([
        { branding: { display_name: null, logo_url: null, accent_color: '#7a4fb0' } },
      ]),
    );
  });

  it('is deleted by its name only', async () => {
    const { api, router } = open('app-settings');
    api.on({ 'DELETE /v1/apps/*': { body: {} } });
    await userEvent.click(await screen.findByRole('button', { name: 'Delete the app' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.type(within(dialog).getByRole('textbox'), 'Klinik Sehat');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Delete the app' }));
    await waitFor(() => expect(router.state.location.pathname).toMatch(/\/apps$/));
    expect(api.sent('DELETE /v1/apps/*')).toHaveLength(1);
  });

  it('comes back from the deleted ones', async () => {
    const { api } = open('apps-deleted');
    api.on({ 'POST /v1/apps/*/restore': { body: {} } });
    await userEvent.click(await screen.findByRole('button', { name: 'Restore Klinik Lama' }));
    await waitFor(() => expect(api.sent('POST /v1/apps/*/restore')).toHaveLength(1));
    const list = api.asked.find(({ query }) => query.get('status') === 'deleted');
    expect(list?.path).toBe('/v1/apps');
  });

  it('shows the secret of a key after a proof', async () => {
    const { api } = open('keys');
    api.on({ 'POST /v1/apps/*/keys/*/secret': { problem: 'proof_required', status: 403 } });
    await userEvent.click(await screen.findByRole('button', { name: `Actions for ${KEY_ID}` }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Show the secret' }));
    const proof = await screen.findByRole('dialog', { name: 'Confirm that it is you' });
    api.on({
      'POST /v1/me/proof': { status: 204, body: null },
      'POST /v1/apps/*/keys/*/secret': { body: { secret: 'rahasia-lama' } },
    });
    await userEvent.type(within(proof).getByLabelText('Password'), 'empat kata acak{enter}');
    expect(await screen.findByText('rahasia-lama')).toBeTruthy();
  });
});

describe('getting started', () => {
  it('waits for the first call and says when it is there', async () => {
    const { api } = open('start-waiting');
    await screen.findByText('Waiting for the first call of this app…');
    api.on({
      'GET /v1/calls': {
        body: {
          data: [{ id: 'call_1', is_live: true, started_at: new Date().toISOString() }],
          next_cursor: null,
        },
      },
    });
    await screen.findByText(/Your first call is running/);
    const link = screen.getByRole('link', { name: 'Look at it' });
    expect(link.getAttribute('href')).toMatch(/\/calls\/call_1$/);
    expect(api.asked.find(({ path }) => path === '/v1/calls')?.query.get('app_id')).toBe(
      'klinik-sehat-p7w2m',
    );
  });
});

describe('tokens', () => {
  it('makes one with a link and says what a join with it would be told', async () => {
    const { api } = open('playground');
    await userEvent.click(await screen.findByRole('button', { name: 'Make the token' }));
    const link = await screen.findByRole('link', { name: 'Open the room' });
    expect(link.getAttribute('href')).toMatch(/halo\?jwt=ey/);
    await screen.findByText(/exp lies in the past/);
    expect(screen.getByText('token_expired')).toBeTruthy();
    expect(await axeViolations()).toEqual([]);
    expect(api.sent('POST /v1/apps/*/tokens')).toEqual([
      { room: 'halo', name: 'Siti Rahmawati', is_moderator: true, ttl_s: 3600 },
    ]);
  });

  it('looks again at a token whose key is not known yet', async () => {
    const { api } = open('playground');
    const claims = { header: {}, claims: {} };
    api.on({
      'POST /v1/apps/*/tokens/check': {
        body: { ...claims, is_valid: false, problem: { code: 'token_key_unknown', detail: '' } },
      },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Make the token' }));
    await screen.findByText(/has the kid of the token/);
    api.on({
      'POST /v1/apps/*/tokens/check': { body: { ...claims, is_valid: true, problem: null } },
    });
    expect(await screen.findByText('Somebody with this token may join.')).toBeTruthy();
  });

  it('leads to the keys when there is none that could sign', async () => {
    const { api } = open('playground');
    api.on({ 'POST /v1/apps/*/tokens': { problem: 'signing_key_missing', status: 409 } });
    await userEvent.click(await screen.findByRole('button', { name: 'Make the token' }));
    expect(await screen.findByRole('link', { name: 'Keys of this app' })).toBeTruthy();
  });
});

describe('bans', () => {
  it('bans somebody for a while', async () => {
    const { api } = open('access');
    api.on({ 'POST /v1/apps/*/bans': { status: 201, body: {} } });
    await userEvent.click(await screen.findByRole('button', { name: 'Ban somebody' }));
    await userEvent.type(await screen.findByRole('textbox', { name: 'Subject' }), 'pasien-7');
    await userEvent.click(screen.getByRole('radio', { name: 'One day' }));
    const before = Date.now();
    await userEvent.click(screen.getByRole('button', { name: 'Ban' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    const [ban] = api.sent('POST /v1/apps/*/bans') as [{ subject: string; until: string }];
    expect(ban.subject).toBe('pasien-7');
    expect(Date.parse(ban.until) - before).toBeGreaterThan(86_000_000);
  });

  it('lifts one', async () => {
    const { api } = open('access');
    api.on({ 'DELETE /v1/apps/*/bans/*': { status: 204, body: null } });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Lift the ban of pasien-118' }),
    );
    await waitFor(() => expect(api.sent('DELETE /v1/apps/*/bans/ban_1')).toHaveLength(1));
  });
});
