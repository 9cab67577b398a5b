import { describe, expect } from 'vitest';
import { violations } from '../src/axe.ts';
import { eventually } from '../src/eventually.ts';
import {
  acceptInvitation,
  becomeOperator,
  makeClient,
  makeLink,
  readText,
  turnSecondFactorOn,
} from '../src/platform.ts';
import { test } from '../src/stage.ts';

const ROOM = 'konsultasi-1';

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
    const sitisLink = await makeLink(siti, ROOM, 'Siti');
    await siti.tab.goto(`${address}${area}/apps/${app}/playground`);
    const budisLink = await makeLink(siti, ROOM, 'Budi');

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
