import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { openScene } from '../../testing/openScene';
import { axeViolations } from '../../testing/renderDashboard';

const PATCH = 'PATCH /v1/operator/settings';
const TEST_MAIL = 'POST /v1/operator/test_mail';

/** The card once it is filled: until then a skeleton has its title. */
async function platformCard() {
  await screen.findByRole('textbox', { name: 'Name' });
  return within(screen.getByRole('region', { name: 'Platform' }));
}

it('changes name and language, and takes a help page away', async () => {
  const { api } = openScene('operator-settings');
  api.on({ [PATCH]: { body: {} } });
  const card = await platformCard();
  const name = card.getByRole('textbox', { name: 'Name' });
  await userEvent.clear(name);
  await userEvent.type(name, 'Sapa');
  await userEvent.click(card.getByRole('radio', { name: 'English' }));
  await userEvent.clear(card.getByRole('textbox', { name: 'Help page' }));
  await userEvent.click(card.getByRole('button', { name: 'Save' }));
  await waitFor(() =>
    expect(api.sent(PATCH)).toEqual([
      {
        name: 'Sapa',
        language: 'en',
        support_email: 'bantuan@sehat.example',
        support_url: null,
      },
    ]),
  );
});

it('sends no address that cannot be opened', async () => {
  const { api } = openScene('operator-settings');
  const card = await platformCard();
  const page = card.getByRole('textbox', { name: 'Help page' });
  await userEvent.clear(page);
  await userEvent.type(page, 'http://sehat.example');
  await userEvent.click(card.getByRole('button', { name: 'Save' }));
  expect(card.getByText('Type an address that begins with https://')).toBeTruthy();
  expect(api.sent(PATCH)).toEqual([]);
});

it('changes what new apps on trial may use', async () => {
  const { api } = openScene('operator-settings');
  api.on({ [PATCH]: { body: {} } });
  const card = within(await screen.findByRole('region', { name: 'New apps' }));
  const trial = within(card.getByRole('group', { name: 'Limits on trial' }));
  const days = trial.getByRole('textbox', { name: 'Kept for, days' });
  await userEvent.clear(days);
  await userEvent.type(days, '14');
  await userEvent.click(card.getByRole('button', { name: 'Save' }));
  await waitFor(() =>
    expect(api.sent(PATCH)).toMatchObject([
      {
        new_app_environment: 'trial',
        trial_limits: { retention_days: 14, max_participants: 10 },
        production_limits: { retention_days: 365, max_calls: null },
      },
    ]),
  );
});

it('says what the mail server said', async () => {
  const { api } = openScene('operator-settings');
  const recipient = 'rina@jumpa.example';
  const problem = 'permanent error (550): mailbox unavailable';
  api.on({ [TEST_MAIL]: { body: { recipient, is_sent: false, problem } } });
  const card = within(await screen.findByRole('region', { name: 'Mail' }));
  await userEvent.click(card.getByRole('button', { name: 'Send a test mail' }));
  expect(await card.findByText(problem)).toBeTruthy();
  api.on({ [TEST_MAIL]: { body: { recipient, is_sent: true, problem: null } } });
  await userEvent.click(card.getByRole('button', { name: 'Send a test mail' }));
  expect(await card.findByText(`The mail server took the mail to ${recipient}.`)).toBeTruthy();
  expect(api.sent(TEST_MAIL)).toEqual([{ recipient }, { recipient }]);
});

it('says what to do where no mails are sent', async () => {
  openScene('operator-settings-no-mail');
  expect(await screen.findByText('This server sends no mails')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Send a test mail' })).toBeNull();
});

it('names the key of what the server was started with', async () => {
  openScene('operator-settings');
  const row = await screen.findByRole('row', { name: /Public address/ });
  expect(row.textContent).toContain('https://call.sehat.example');
  expect(row.textContent).toContain('http.public_url');
});

it('shows everybody where to ask for help, under the name of the platform', async () => {
  openScene('operator-settings');
  await screen.findByRole('heading', { level: 1, name: 'Settings' });
  await waitFor(() => expect(document.title).toBe('Settings · Video Sehat'));
  await userEvent.click(screen.getByRole('button', { name: 'Open navigation' }));
  await userEvent.click(await screen.findByRole('button', { name: /Rina Kusuma/ }));
  const page = await screen.findByRole('menuitem', { name: 'Help' });
  expect(page.getAttribute('href')).toBe('https://sehat.example/bantuan');
  const mail = screen.getByRole('menuitem', { name: 'Write to bantuan@sehat.example' });
  expect(mail.getAttribute('href')).toBe('mailto:bantuan@sehat.example');
});

it.each(['operator-settings', 'operator-settings-no-mail', 'operator-settings-error'])(
  'axe finds nothing in %s',
  async (scene) => {
    openScene(scene);
    await screen.findByRole('heading', { level: 1 });
    await waitFor(() => expect(document.querySelector('[aria-busy="true"]')).toBeNull());
    expect(await axeViolations()).toEqual([]);
  },
);
