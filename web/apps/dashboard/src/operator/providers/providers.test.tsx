import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { REQUEST_ID } from '../../testing/FakeApi';
import { openScene } from '../../testing/openScene';
import { axeViolations } from '../../testing/renderDashboard';

const ROUTE = 'POST /v1/operator/identity_providers';

/** Opens the dialog and fills it in for a client. */
async function fillIn() {
  await userEvent.click(await screen.findByRole('button', { name: 'Add a provider' }));
  const dialog = within(await screen.findByRole('dialog'));
  await userEvent.click(dialog.getByRole('combobox', { name: 'Client' }));
  await userEvent.click(await screen.findByRole('option', { name: 'Toko Melati' }));
  const type = (name: string, text: string) =>
    userEvent.type(dialog.getByRole('textbox', { name }), text);
  await type('Name', 'Akun Toko Melati');
  await type('Issuer', 'https://login.melati.example');
  await type('Client id', 'jumpa');
  await userEvent.type(dialog.getByLabelText('Client secret'), 'rahasia');
  await type('E-mail domains', 'Melati.example, toko.example');
  return dialog;
}

it('adds a provider of a client', async () => {
  const { api } = openScene('identity-providers');
  api.on({ [ROUTE]: { status: 201, body: {} } });
  const dialog = await fillIn();
  expect(dialog.getByText(`${window.location.origin}/v1/oidc/callback`)).toBeTruthy();
  expect(await axeViolations()).toEqual([]);
  await userEvent.click(dialog.getByRole('button', { name: 'Add a provider' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(api.sent(ROUTE)).toEqual([
    {
      tenant_id: 'ten_toko_melati',
      name: 'Akun Toko Melati',
      issuer: 'https://login.melati.example',
      client_id: 'jumpa',
      client_secret: 'rahasia',
      domains: ['melati.example', 'toko.example'],
      new_role: null,
    },
  ]);
});

it('says in words that the discovery document cannot be read', async () => {
  const { api } = openScene('identity-providers');
  api.on({ [ROUTE]: { problem: 'identity_provider_unreachable', status: 502 } });
  const dialog = await fillIn();
  await userEvent.click(dialog.getByRole('button', { name: 'Add a provider' }));
  expect(
    await dialog.findByText(/discovery document of the provider could not be read/),
  ).toBeTruthy();
  expect(dialog.getByText(/must show a document/)).toBeTruthy();
  expect(dialog.getByText(REQUEST_ID)).toBeTruthy();
});

it('sends nothing before the fields are right', async () => {
  const { api } = openScene('identity-providers-empty');
  const [add] = await screen.findAllByRole('button', { name: 'Add a provider' });
  if (add) await userEvent.click(add);
  const dialog = within(await screen.findByRole('dialog'));
  await userEvent.click(dialog.getByRole('button', { name: 'Add a provider' }));
  expect(dialog.getByText('Choose a client')).toBeTruthy();
  expect(dialog.getByText('Type an address that begins with https://')).toBeTruthy();
  expect(api.sent(ROUTE)).toEqual([]);
});

it('keeps the secret that is stored unless another is typed', async () => {
  const { api } = openScene('identity-providers');
  api.on({ 'PATCH /v1/operator/identity_providers/*': { body: {} } });
  await userEvent.click(await screen.findByRole('button', { name: 'Change Akun Toko Melati' }));
  const dialog = within(await screen.findByRole('dialog'));
  await userEvent.type(dialog.getByRole('textbox', { name: 'E-mail domains' }), '\ntoko.example');
  await userEvent.click(dialog.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(api.sent('PATCH /v1/operator/identity_providers/idp_melati')).toEqual([
    { name: 'Akun Toko Melati', domains: ['melati.example', 'toko.example'], new_role: 'agent' },
  ]);
});

it('asks for the name before a provider is removed', async () => {
  const { api } = openScene('identity-providers');
  api.on({ 'DELETE /v1/operator/identity_providers/*': { status: 204, body: null } });
  await userEvent.click(await screen.findByRole('button', { name: 'Remove Akun Jumpa' }));
  const dialog = within(await screen.findByRole('dialog'));
  await userEvent.type(dialog.getByRole('textbox'), 'Akun Jumpa');
  await userEvent.click(dialog.getByRole('button', { name: 'Remove' }));
  await waitFor(() =>
    expect(api.sent('DELETE /v1/operator/identity_providers/idp_jumpa')).toHaveLength(1),
  );
});

it.each(['identity-providers', 'identity-providers-empty', 'identity-providers-error'])(
  'axe finds nothing in %s',
  async (scene) => {
    openScene(scene);
    await screen.findByRole('heading', { level: 1 });
    await waitFor(() => expect(document.querySelector('[aria-busy="true"]')).toBeNull());
    expect(await axeViolations()).toEqual([]);
  },
);

it('tells a client which provider is in force, or that there is none', async () => {
  const first = openScene('settings');
  expect(await screen.findByText('https://login.kliniksehat.example')).toBeTruthy();
  first.unmount();
  openScene('settings-password');
  expect(await screen.findByText(/can connect the accounts of your organisation/)).toBeTruthy();
});
