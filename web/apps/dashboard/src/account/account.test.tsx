import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { openScene } from '../testing/openScene';
import { axeViolations } from '../testing/renderDashboard';

const open = openScene;

describe('signing in with a second factor', () => {
  it('asks for the code and sends it with the password as soon as it is whole', async () => {
    const { api } = open('login-code');
    await userEvent.type(await screen.findByLabelText('Password'), 'empat kata acak{enter}');
    const code = await screen.findByRole('textbox', { name: 'Code' });
    expect(document.activeElement).toBe(code);
    expect(await axeViolations()).toEqual([]);
    await userEvent.type(code, '123456');
    await waitFor(() =>
      expect(api.sent('POST /v1/login').at(-1)).toEqual({
        email: 'rina@jumpa.example',
        password: 'empat kata acak',
        code: '123456',
      }),
    );
  });

  it('says that the code is wrong and takes a recovery code', async () => {
    const { api } = open('login-code');
    await userEvent.type(await screen.findByLabelText('Password'), 'empat kata acak{enter}');
    await screen.findByRole('textbox', { name: 'Code' });
    api.on({ 'POST /v1/login': { problem: 'second_factor_wrong', status: 401 } });
    await userEvent.type(screen.getByRole('textbox', { name: 'Code' }), '123456');
    expect((await screen.findByRole('alert')).textContent).toContain('The code is wrong');
    await userEvent.click(screen.getByRole('button', { name: 'Use a recovery code' }));
    await userEvent.type(
      screen.getByRole('textbox', { name: 'Recovery code' }),
      'k3x9q-m7w2r{enter}',
    );
    await waitFor(() =>
      expect(api.sent('POST /v1/login').at(-1)).toMatchObject({ code: 'k3x9q-m7w2r' }),
    );
  });
});

describe('the second factor', () => {
  it('is on once a code confirmed it, and shows the recovery codes', async () => {
    const { api } = open('security');
    await userEvent.click(await screen.findByRole('button', { name: 'Set up' }));
    expect(await screen.findByRole('img', { name: /QR code/ })).toBeTruthy();
    expect(screen.getByText('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP')).toBeTruthy();
    await userEvent.type(screen.getByRole('textbox', { name: 'Code' }), '654321');
    const codes = await screen.findByRole('list', { name: 'Recovery codes' });
    expect(within(codes).getAllByRole('listitem')).toHaveLength(8);
    expect(await axeViolations()).toEqual([]);
    expect(api.sent('POST /v1/me/second_factor/confirm')).toEqual([{ code: '654321' }]);
  });

  it('asks for a proof where the server wants one, then does what was asked', async () => {
    const { api } = open('security-on');
    await userEvent.click(await screen.findByRole('button', { name: 'Turn off' }));
    const question = await screen.findByRole('dialog');
    await userEvent.click(within(question).getByRole('button', { name: 'Turn off' }));
    const proof = await screen.findByRole('dialog', { name: 'Confirm that it is you' });
    api.on({
      'POST /v1/me/proof': { status: 204, body: null },
      'DELETE /v1/me/second_factor': { status: 204, body: null },
    });
    await userEvent.type(within(proof).getByRole('textbox', { name: 'Code' }), '111222');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(api.sent('POST /v1/me/proof')).toEqual([{ code: '111222' }]);
    expect(api.sent('DELETE /v1/me/second_factor')).toHaveLength(2);
  });

  it('does nothing when the proof is declined', async () => {
    const { api } = open('security-on');
    await userEvent.click(await screen.findByRole('button', { name: 'Turn off' }));
    const question = await screen.findByRole('dialog');
    await userEvent.click(within(question).getByRole('button', { name: 'Turn off' }));
    const proof = await screen.findByRole('dialog', { name: 'Confirm that it is you' });
    await userEvent.click(within(proof).getByRole('button', { name: 'Cancel' }));
    await waitFor(() =>
      expect(screen.queryByRole('dialog', { name: 'Confirm that it is you' })).toBeNull(),
    );
    expect(screen.queryByRole('alert')).toBeNull();
    expect(api.sent('DELETE /v1/me/second_factor')).toHaveLength(1);
  });
});

describe('the own account', () => {
  it('changes the password', async () => {
    const { api } = open('security');
    api.on({ 'POST /v1/me/password': { status: 204, body: null } });
    await userEvent.type(await screen.findByLabelText('Current password'), 'kata lama sekali');
    await userEvent.type(screen.getByLabelText('New password'), 'empat kata acak{enter}');
    await screen.findByText('The new password holds');
    expect(api.sent('POST /v1/me/password')).toEqual([
      { current_password: 'kata lama sekali', new_password: 'empat kata acak' },
    ]);
  });

  it('names the browsers and ends one', async () => {
    const { api } = open('security');
    api.on({ 'DELETE /v1/me/sessions/*': { status: 204, body: null } });
    const phone = await screen.findByRole('row', { name: /Chrome on Android/ });
    await userEvent.click(
      within(phone).getByRole('button', { name: 'End the session of Chrome on Android' }),
    );
    await waitFor(() => expect(api.sent('DELETE /v1/me/sessions/ses_phone')).toHaveLength(1));
    const here = screen.getByRole('row', { name: /Chrome on Windows/ });
    expect(within(here).queryByRole('button')).toBeNull();
  });

  it('keeps another name', async () => {
    const { api } = open('profile');
    api.on({
      'PATCH /v1/me': ({ body }) => ({
        body: {
          ...(body as object),
          id: 'usr_rina',
          email: 'rina@jumpa.example',
          memberships: [],
        },
      }),
    });
    const name = await screen.findByRole('textbox', { name: 'Your name' });
    await userEvent.clear(name);
    await userEvent.type(name, 'Rina K.{enter}');
    await screen.findByText('Saved');
    expect(api.sent('PATCH /v1/me')).toEqual([{ name: 'Rina K.', language: 'en' }]);
  });
});

it.each(['profile', 'security', 'security-on'])('axe finds nothing in %s', async (scene) => {
  open(scene);
  await screen.findByRole('heading', { level: 1 });
  await waitFor(() => expect(document.querySelector('[aria-busy="true"]')).toBeNull());
  expect(await axeViolations()).toEqual([]);
});
