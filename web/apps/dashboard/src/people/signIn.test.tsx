import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { FakeApi, REQUEST_ID } from '../testing/FakeApi';
import { axeViolations, renderDashboard } from '../testing/renderDashboard';
import { insideDashboard } from './LoginPage';

const OPERATOR = { email: 'ops@jumpa.example', name: 'Rina', is_operator: true, memberships: [] };
const SIGNED_OUT = { problem: 'unauthenticated', status: 401 } as const;
const NOTHING = { body: { data: [], next_cursor: null } };

describe('signing in', () => {
  it('asks for the password and returns to where the person wanted to go', async () => {
    const api = new FakeApi({
      'GET /v1/me': SIGNED_OUT,
      'POST /v1/login': { body: OPERATOR },
      'GET /v1/operator/apps': NOTHING,
    });
    const { router } = renderDashboard('/operator/apps', api);
    await userEvent.type(await screen.findByRole('textbox', { name: 'E-mail' }), OPERATOR.email);
    await userEvent.type(screen.getByLabelText('Password'), 'empat kata acak');
    expect(await axeViolations()).toEqual([]);
    api.on({ 'GET /v1/me': { body: OPERATOR } });
    await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
    await screen.findByRole('heading', { name: 'Apps' });
    expect(router.state.location.pathname).toBe('/operator/apps');
    expect(api.sent('POST /v1/login')).toEqual([
      { email: OPERATOR.email, password: 'empat kata acak' },
    ]);
  });

  it('says what is wrong and how to name the request', async () => {
    const api = new FakeApi({
      'GET /v1/me': SIGNED_OUT,
      'POST /v1/login': { problem: 'login_failed', status: 401 },
    });
    renderDashboard('/', api);
    await userEvent.type(await screen.findByRole('textbox', { name: 'E-mail' }), 'a@b');
    await userEvent.type(screen.getByLabelText('Password'), 'salah sekali{enter}');
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('E-mail or password is wrong.');
    expect(alert.textContent).toContain(REQUEST_ID);
  });

  it('says when no organisation signs in with the address', async () => {
    const api = new FakeApi({
      'GET /v1/me': SIGNED_OUT,
      'POST /v1/oidc/start': { problem: 'identity_provider_unknown', status: 404 },
    });
    renderDashboard('/login?next=/dashboard/operator/apps', api);
    const button = await screen.findByRole('button', { name: 'Sign in with your organisation' });
    await userEvent.click(button);
    const field = screen.getByRole('textbox', { name: 'E-mail' });
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(document.activeElement).toBe(field);
    await userEvent.type(field, 'rina@melati.example');
    expect(field.getAttribute('aria-invalid')).not.toBe('true');
    await userEvent.click(button);
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('No organisation signs in with this address.');
    expect(api.sent('POST /v1/oidc/start')).toEqual([
      { email: 'rina@melati.example', next: '/dashboard/operator/apps' },
    ]);
  });

  it('tells why a login at an organisation came back without success', async () => {
    renderDashboard('/login?problem=identity_refused', new FakeApi({ 'GET /v1/me': SIGNED_OUT }));
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('did not confirm who you are');
    expect(await axeViolations()).toEqual([]);
  });

  it.each([
    ['/dashboard/operator/apps', '/dashboard/operator/apps'],
    ['https://evil.example/', '/dashboard'],
    ['/dashboard//evil.example', '/dashboard'],
    ['/demo-k3x9q/halo', '/dashboard'],
    [undefined, '/dashboard'],
  ])('goes from %s to %s', (next, address) => {
    expect(insideDashboard(next, '/dashboard')).toBe(address);
  });
});

describe('the first login', () => {
  it('makes the operator and opens the operator area', async () => {
    const api = new FakeApi({
      'POST /v1/first_login': { status: 201, body: OPERATOR },
      'GET /v1/me': { body: OPERATOR },
      'GET /v1/operator/tenants': NOTHING,
    });
    renderDashboard('/welcome?token=123', api);
    await userEvent.type(await screen.findByRole('textbox', { name: 'Your name' }), 'Rina');
    await userEvent.type(screen.getByRole('textbox', { name: 'E-mail' }), OPERATOR.email);
    await userEvent.type(screen.getByLabelText('Password'), 'pendek{enter}');
    expect(await screen.findByText('At least 10 characters')).toBeTruthy();
    expect(api.sent('POST /v1/first_login')).toEqual([]);
    await userEvent.type(screen.getByLabelText('Password'), ' tetapi cukup{enter}');
    await screen.findByText('No clients yet');
    expect(api.sent('POST /v1/first_login')).toMatchObject([{ token: '123', name: 'Rina' }]);
  });

  it('explains a link that was used', async () => {
    renderDashboard('/welcome', new FakeApi());
    await screen.findByRole('heading', { name: 'The link is not complete' });
    expect(await axeViolations()).toEqual([]);
  });
});

describe('the operator area', () => {
  it('loads the next page of apps and says when it may not', async () => {
    const app = (id: string) => ({
      id,
      name: `Klinik ${id}`,
      is_disabled: false,
      guests: 'join',
      created_at: '2026-10-03T07:20:00Z',
    });
    const api = new FakeApi({
      'GET /v1/me': { body: OPERATOR },
      'GET /v1/operator/apps': ({ query }) =>
        query.get('cursor')
          ? { body: { data: [app('dua')], next_cursor: null } }
          : { body: { data: [app('satu')], next_cursor: 'c1' } },
    });
    renderDashboard('/operator/apps', api);
    await screen.findByRole('rowheader', { name: 'Klinik satu' });
    await userEvent.click(screen.getByRole('button', { name: 'Load more' }));
    await screen.findByRole('rowheader', { name: 'Klinik dua' });
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Load more' })).toBeNull());
    expect(await axeViolations()).toEqual([]);
  });

  it('shows the secret of a new app once', async () => {
    const api = new FakeApi({
      'GET /v1/me': { body: OPERATOR },
      'GET /v1/operator/apps': NOTHING,
      'POST /v1/operator/apps': {
        status: 201,
        body: {
          app: { id: 'toko-melati-z4c8r', name: 'Toko Melati', guests: 'refused' },
          key: { id: 'key_1', secret: 'rahasia-sekali' },
        },
      },
    });
    renderDashboard('/operator/apps', api);
    const [button] = await screen.findAllByRole('button', { name: 'Create an app' });
    if (button) await userEvent.click(button);
    await userEvent.type(
      await screen.findByRole('textbox', { name: 'Name' }),
      'Toko Melati{enter}',
    );
    expect(await screen.findByText('rahasia-sekali')).toBeTruthy();
    expect(await axeViolations()).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'I have stored it' }));
    await waitFor(() => expect(screen.queryByText('rahasia-sekali')).toBeNull());
  });
});
