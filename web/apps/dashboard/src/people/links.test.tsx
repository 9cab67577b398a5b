import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { openScene } from '../testing/openScene';
import { axeViolations } from '../testing/renderDashboard';

const MELATI = {
  tenant_id: 'ten_melati',
  tenant_name: 'Toko Melati',
  tenant_status: 'active',
  time_zone: 'Asia/Jakarta',
  role: 'owner',
};
const DEWI = { name: 'Dewi', email: 'dewi@melati.example', language: 'id', is_operator: false };

const open = openScene;

describe('an invitation', () => {
  it('makes an account and opens the organisation', async () => {
    const { api, router } = open('invitation-new');
    const me = { ...DEWI, memberships: [MELATI] };
    api.on({ 'POST /v1/invitation_links/accept': { body: me } });
    await screen.findByRole('heading', { name: 'Join Toko Melati' });
    await userEvent.type(screen.getByRole('textbox', { name: 'Your name' }), 'Dewi');
    await userEvent.type(screen.getByLabelText('Password'), 'pendek{enter}');
    expect(await screen.findByText('At least 10 characters')).toBeTruthy();
    expect(await axeViolations()).toEqual([]);
    api.on({ 'GET /v1/me': { body: me } });
    await userEvent.type(screen.getByLabelText('Password'), ' tetapi cukup{enter}');
    await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/t\/ten_melati/));
    expect(api.sent('POST /v1/invitation_links/accept')).toEqual([
      { token: 't', name: 'Dewi', password: 'pendek tetapi cukup' },
    ]);
  });

  it('opens the organisation that somebody with several just joined', async () => {
    const { api, router } = open('invitation-join');
    const klinik = { ...MELATI, tenant_id: 'ten_klinik', tenant_name: 'Klinik Sehat' };
    const me = { ...DEWI, memberships: [klinik, MELATI] };
    api.on({
      'GET /v1/me': { body: { ...DEWI, memberships: [klinik] } },
      'POST /v1/invitation_links/accept': { body: me },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Join Toko Melati' }));
    await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/t\/ten_melati/));
    expect(api.sent('POST /v1/invitation_links/accept')).toEqual([{ token: 't' }]);
  });

  it('lets somebody else sign out first', async () => {
    const { api } = open('invitation-other');
    await screen.findByText(/you are signed in as rina@jumpa.example/);
    api.on({
      'POST /v1/logout': { status: 204, body: null },
      'GET /v1/me': { problem: 'unauthenticated', status: 401 },
    });
    await userEvent.click(screen.getByRole('button', { name: 'Sign out and go on' }));
    expect(await screen.findByRole('textbox', { name: 'Your name' })).toBeTruthy();
  });

  it('leads somebody with an account to the sign-in and back', async () => {
    open('invitation-long');
    const link = await screen.findByRole('link', { name: 'Sign in' });
    const address = new URL(link.getAttribute('href') ?? '', 'https://call.example');
    expect(address.searchParams.get('next')).toBe('/dashboard/invitation?token=t');
    expect(address.searchParams.get('email')).toBe('dewi@melati.example');
  });

  it('says when it is over', async () => {
    open('invitation-void');
    await screen.findByRole('heading', { name: 'This invitation is no longer valid' });
    expect(await axeViolations()).toEqual([]);
  });
});

describe('a forgotten password', () => {
  it('asks for the mail and says the same whether there is an account or not', async () => {
    const { api } = open('forgot-password');
    await userEvent.click(await screen.findByRole('button', { name: 'Send the link' }));
    await screen.findByText(/If there is an account with rina@jumpa.example/);
    expect(api.sent('POST /v1/password_resets')).toEqual([{ email: 'rina@jumpa.example' }]);
    expect(await axeViolations()).toEqual([]);
  });

  it('takes a new password by the link', async () => {
    const { api } = open('reset-password');
    api.on({ 'POST /v1/password_resets/use': { status: 204, body: null } });
    await userEvent.type(await screen.findByLabelText('Password'), 'empat kata acak{enter}');
    await screen.findByRole('heading', { name: 'The new password holds' });
    expect(api.sent('POST /v1/password_resets/use')).toEqual([
      { token: 't', password: 'empat kata acak' },
    ]);
  });

  it('sends a new link when the old one is used up', async () => {
    const { api } = open('reset-password');
    api.on({ 'POST /v1/password_resets/use': { problem: 'one_time_token_invalid', status: 410 } });
    await userEvent.type(await screen.findByLabelText('Password'), 'empat kata acak{enter}');
    expect(await screen.findByRole('link', { name: 'Send a new link' })).toBeTruthy();
  });
});
