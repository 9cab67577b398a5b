import type { Page } from 'playwright-core';
import { expect, test as plainTest } from 'vitest';
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

/** The operator sets the server up and makes a client; gives the link for its owner. */
async function makeClient(page: Page, server: Server): Promise<string> {
  await page.goto(server.firstLoginUrl);
  await page.getByLabel('Your name').fill('Rina');
  await page.getByLabel('E-mail').fill('rina@jumpa.example');
  await page.getByLabel('Password', { exact: true }).fill('empat kata acak');
  await page.getByRole('button', { name: 'Create my account' }).click();
  await page.getByRole('button', { name: 'New client' }).first().click();
  await page.getByLabel('Name of the organisation').fill('Toko Melati');
  await page.getByLabel("Owner's e-mail").fill('dewi@melati.example');
  await page.getByRole('button', { name: 'Create the client' }).click();
  const link = await copied(page, 'Invitation link');
  await page.getByRole('button', { name: 'I have stored it' }).click();
  await page.getByRole('heading', { name: 'Toko Melati' }).waitFor();
  return link;
}

/** The owner turns the second factor on; gives its secret. */
async function secureAccount(page: Page, server: Server): Promise<string> {
  await page.goto(`${server.address}/dashboard/account/security`);
  await page.getByRole('button', { name: 'Set up' }).click();
  const secret = await copied(page, /type this secret/);
  await page.getByRole('textbox', { name: 'Code' }).fill(totpCode(secret));
  await page.getByRole('list', { name: 'Recovery codes' }).waitFor();
  await page.getByRole('button', { name: 'I have stored them' }).click();
  return secret;
}

test('from the first login to the first call of an invited owner', async ({ desk, server }) => {
  const operator = await desk.person();
  const link = await makeClient(operator, server);

  const owner = await desk.person();
  await owner.goto(link);
  await owner.getByLabel('Your name').fill('Dewi');
  await owner.getByLabel('Password', { exact: true }).fill('lima kata acak juga');
  await owner.getByRole('button', { name: 'Create my account and join' }).click();
  await owner.waitForURL(/\/dashboard\/t\/ten_/);
  await secureAccount(owner, server);

  await owner.goto(`${server.address}/dashboard`);
  await owner.getByRole('link', { name: 'Keys' }).click();
  await owner.getByRole('button', { name: 'Add a key' }).click();
  await owner.getByRole('button', { name: 'Create', exact: true }).click();
  const secret = await copied(owner, 'Secret');
  expect(secret.length).toBeGreaterThan(30);
  await owner.getByRole('button', { name: 'I have stored it' }).click();

  await owner.getByRole('link', { name: 'Token playground' }).click();
  await owner.getByRole('button', { name: 'Make the token' }).click();
  await owner.getByText('Somebody with this token may join.').waitFor();
  const room = await owner.getByRole('link', { name: 'Open the room' }).getAttribute('href');

  const caller = await desk.person();
  await caller.goto(room ?? '');
  await caller.getByRole('button', { name: 'Join the call' }).click();
  await caller
    .getByRole('button', { name: /^Leave/ })
    .first()
    .waitFor();

  await owner.getByRole('link', { name: 'Get started' }).click();
  await owner.getByText('Your first call is running').waitFor();
});

test('signs in with a second factor, and a wrong code does not', async ({ desk, server }) => {
  const operator = await desk.person();
  await makeClient(operator, server);
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
