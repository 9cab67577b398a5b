import type { Page } from 'playwright-core';
import { test as plainTest } from 'vitest';
import { Desk } from '../src/Desk.ts';
import { Server } from '../src/Server.ts';
import { totpCode } from '../src/totpCode.ts';

const test = plainTest.extend<{ desk: Desk; server: Server }>({
  // biome-ignore lint/correctness/noEmptyPattern: the fixture needs no other
  desk: async ({}, use) => {
    const desk = await Desk.open();
    await use(desk);
    await desk.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: the fixture needs no other
  server: async ({}, use) => {
    const server = new Server();
    await server.start();
    await use(server);
    await server.dispose();
  },
});

/** The text of a field with a copy button. */
async function copied(page: Page, label: string | RegExp): Promise<string> {
  const text = await page.getByRole('group', { name: label }).locator('code').textContent();
  return text ?? '';
}

/** The operator sets the server up. */
async function becomeOperator(page: Page, server: Server): Promise<void> {
  await page.goto(server.firstLoginUrl);
  await page.getByLabel('Your name').fill('Rina');
  await page.getByLabel('E-mail').fill('rina@jumpa.example');
  await page.getByLabel('Password', { exact: true }).fill('empat kata acak');
  await page.getByRole('button', { name: 'Create my account' }).click();
  await page.getByRole('heading', { name: 'Clients' }).waitFor();
}

/** Turns the second factor on; gives its secret. */
async function secureAccount(page: Page, server: Server): Promise<string> {
  await page.goto(`${server.address}/dashboard/account/security`);
  await page.getByRole('button', { name: 'Set up' }).click();
  const secret = await copied(page, /type this secret/);
  await page.getByRole('textbox', { name: 'Code' }).fill(totpCode(secret));
  await page.getByRole('list', { name: 'Recovery codes' }).waitFor();
  await page.getByRole('button', { name: 'I have stored them' }).click();
  return secret;
}

test('signs in with a second factor, and a wrong code does not', async ({ desk, server }) => {
  const operator = await desk.person();
  await becomeOperator(operator, server);
  const secret = await secureAccount(operator, server);

  const again = await desk.person();
  await again.goto(`${server.address}/dashboard/login`);
  await again.getByLabel('E-mail').fill('rina@jumpa.example');
  await again.getByLabel('Password', { exact: true }).fill('empat kata acak');
  await again.getByRole('button', { name: 'Sign in', exact: true }).click();
  await again.getByRole('textbox', { name: 'Code' }).fill('000000');
  await again.getByText('The code is wrong or was used before.').waitFor();
  // The code of now turned the factor on and is used up; the next one is taken as well.
  await again.getByRole('textbox', { name: 'Code' }).fill(totpCode(secret, Date.now() + 30_000));
  await again.getByRole('heading', { name: 'Clients' }).waitFor();
});
