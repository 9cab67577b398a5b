import { describe, expect } from 'vitest';
import { violations } from '../src/axe.ts';
import { eventually } from '../src/eventually.ts';
import type { Person } from '../src/Person.ts';
import { test } from '../src/stage.ts';
import { totpCode } from '../src/totpCode.ts';

const PASSWORD = 'empat kata tak bersambung';
const ROOM = 'konsultasi-1';

const field = (person: Person, key: string) => ({ role: 'textbox', name: person.say(key) });

/** What somebody reads on the page that fits, or nothing. */
async function readText(person: Person, pattern: RegExp): Promise<string> {
  let found = '';
  await eventually(`${person.name} reads ${pattern}`, async () => {
    const text = await person.tab.run(() => {
      const values = [...document.querySelectorAll('input')].map((input) => input.value);
      return [document.body.innerText, ...values].join('\n');
    }, null);
    found = pattern.exec(text)?.[0] ?? '';
    return found !== '' || text.slice(0, 300);
  });
  return found;
}

/** Sets the server up by its first-login link. */
async function becomeOperator(rina: Person, link: string): Promise<void> {
  await rina.tab.goto(link);
  await rina.fill(field(rina, 'dashboard.people.person.name'), rina.name);
  await rina.fill(field(rina, 'dashboard.people.person.email'), 'rina@jumpa.example');
  await rina.fill(field(rina, 'dashboard.people.person.password'), PASSWORD);
  await rina.click(rina.button('dashboard.people.welcome.action'));
}

/** Makes a client with a trial app and gives the link for its owner. */
async function makeClient(rina: Person, address: string): Promise<string> {
  await rina.tab.goto(`${address}/dashboard/operator/clients`);
  await rina.click(rina.button('dashboard.operator.clients.create'));
  await rina.fill(field(rina, 'dashboard.operator.create_client.name'), 'Toko Melati');
  await rina.fill(field(rina, 'dashboard.operator.create_client.email'), 'siti@melati.example');
  await rina.click(rina.button('dashboard.operator.create_client.action'));
  const link = await readText(rina, /http\S+\/dashboard\/invitation\?token=\w+/);
  await rina.click(rina.button('dashboard.common.secret.stored'));
  return link;
}

/** Accepts the invitation and gives the path of the organisation's area. */
async function acceptInvitation(siti: Person, link: string): Promise<string> {
  await siti.tab.goto(link);
  await siti.fill(field(siti, 'dashboard.people.person.name'), siti.name);
  await siti.fill(field(siti, 'dashboard.people.person.password'), PASSWORD);
  await siti.click(siti.button('dashboard.people.invitation.action_new'));
  let area = '';
  await eventually(`${siti.name} is in the organisation`, async () => {
    const path = await siti.tab.run(() => window.location.pathname, null);
    area = /^\/dashboard\/t\/ten_\w+/.exec(path)?.[0] ?? '';
    return area !== '' || path;
  });
  return area;
}

async function turnSecondFactorOn(siti: Person, address: string): Promise<void> {
  await siti.tab.goto(`${address}/dashboard/account/security`);
  await siti.click(siti.button('dashboard.people.second_factor.enrol'));
  const secret = await readText(siti, /\b[A-Z2-7]{26,}\b/);
  // The sixth digit sends it.
  const code = totpCode(secret);
  await siti.fill(field(siti, 'dashboard.people.second_factor.code'), code);
  await siti.click(siti.button('dashboard.people.recovery.stored'));
  await siti.expectText(siti.say('dashboard.people.second_factor.disable'));
}

/** A link into the room with a token of the playground. */
async function makeLink(siti: Person, name: string): Promise<string> {
  await siti.fill(field(siti, 'dashboard.client.playground.room'), ROOM);
  await siti.fill(field(siti, 'dashboard.client.playground.name'), name);
  const moderator = siti.say('dashboard.client.playground.moderator');
  await siti.click({ role: 'checkbox', name: moderator });
  await siti.click(siti.button('dashboard.client.playground.action'));
  return readText(siti, new RegExp(`http\\S+/${ROOM}\\?jwt=[\\w.-]+`));
}

describe('the whole platform', () => {
  test('from the first login to the numbers of the first call', async ({ stage }) => {
    const { address } = stage.server;
    const rina = await stage.chromium('Rina');
    const siti = await stage.chromium('Siti');
    const budi = await stage.chromium('Budi');

    await becomeOperator(rina, stage.server.firstLoginUrl);
    await rina.expectText(rina.say('dashboard.operator.clients.heading'));
    const area = await acceptInvitation(siti, await makeClient(rina, address));
    await turnSecondFactorOn(siti, address);

    // The first app came with the organisation; it gets a second key.
    await siti.tab.goto(`${address}${area}/apps`);
    await siti.expectText('Toko Melati');
    const app = await readText(siti, /toko-melati-[a-z0-9]{5}/);
    await siti.tab.goto(`${address}${area}/apps/${app}/keys`);
    await siti.click(siti.button('dashboard.client.keys.create'));
    await siti.click(siti.button('dashboard.client.key_new.action'));
    await siti.click(siti.button('dashboard.common.secret.stored'));
    await siti.tab.goto(`${address}${area}/apps/${app}/playground`);
    const sitisLink = await makeLink(siti, 'Siti');
    await siti.tab.goto(`${address}${area}/apps/${app}/playground`);
    const budisLink = await makeLink(siti, 'Budi');

    for (const [person, link] of [
      [siti, sitisLink],
      [budi, budisLink],
    ] as const) {
      await person.tab.goto(link);
      await person.click(person.button('prejoin.join'));
      await person.expectInCall();
    }
    await siti.expectMeets(budi);

    // The operator sees the call while it lasts, and who made it afterwards.
    await rina.tab.goto(`${address}/dashboard/operator/rooms`);
    await rina.expectText(ROOM);
    await budi.leave();
    await siti.leave();

    await eventually('the call stands in the list as ended', async () => {
      await siti.tab.goto(`${address}${area}/calls?state=ended`);
      await siti.waitFor({ role: 'heading', name: siti.say('dashboard.numbers.calls.heading') });
      return (await siti.tab.isThere({ role: 'link', name: ROOM })) || 'no such call';
    });
    expect(await violations(siti.tab)).toEqual([]);

    // The file says what the screen says.
    const tenant = area.split('/').at(-1) ?? '';
    const csv = await siti.tab.run(async (id) => {
      const answer = await fetch('/v1/calls/export?format=csv&state=ended', {
        headers: { 'X-Jumpa-Tenant': id },
      });
      return answer.text();
    }, tenant);
    const [header = '', row = '', ...more] = csv.trim().split(/\r?\n/);
    const value = (name: string) => row.split(',')[header.split(',').indexOf(name)];
    expect(more).toEqual([]);
    expect([value('room'), value('participants'), value('app_id')]).toEqual([ROOM, '2', app]);

    await siti.click({ role: 'link', name: ROOM });
    await siti.expectText(siti.say('dashboard.numbers.who.heading'));
    await siti.expectText('Budi');
    await siti.tab.goto(`${address}${area}/apps/${app}/start`);
    await siti.expectText(siti.say('dashboard.client.first_call.found'));
    await siti.tab.goto(`${address}${area}/overview`);
    await siti.expectText(siti.say('dashboard.numbers.overview.top_rooms'));
    await siti.expectText(ROOM);
  });
});
