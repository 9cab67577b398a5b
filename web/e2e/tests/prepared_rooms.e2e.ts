import { describe, expect } from 'vitest';
import { violations } from '../src/axe.ts';
import { eventually } from '../src/eventually.ts';
import {
  acceptInvitation,
  becomeOperator,
  makeClient,
  makeLink,
  readText,
} from '../src/platform.ts';
import { test } from '../src/stage.ts';

const ROOM = 'konsultasi-budi';

describe('a prepared room', () => {
  test('asks for its password, and is prepared for one call', async ({ stage }) => {
    const { address } = stage.server;
    const rina = await stage.chromium('Rina');
    const siti = await stage.chromium('Siti', { language: 'id' });
    const field = (key: string) => ({ role: 'textbox', name: siti.say(key) });

    await becomeOperator(rina, stage.server.firstLoginUrl);
    await rina.expectText(rina.say('dashboard.operator.clients.heading'));
    const area = await acceptInvitation(siti, await makeClient(rina, address));
    await siti.tab.goto(`${address}${area}/apps`);
    const app = await readText(siti, /toko-melati-[a-z0-9]{5}/);
    await siti.tab.goto(`${address}${area}/apps/${app}/playground`);
    const link = await makeLink(siti, ROOM, 'Siti');

    await siti.tab.goto(`${address}${area}/rooms/prepared`);
    await siti.expectText(siti.say('dashboard.rooms.prepared.empty_title'));
    await siti.click(siti.button('dashboard.rooms.prepare.open'));
    await siti.fill(field('dashboard.rooms.room'), ROOM);
    await siti.fill(field('dashboard.rooms.password'), 'rahasia');
    await siti.click(siti.button('dashboard.rooms.prepare.action'));
    await siti.waitFor({ role: 'button', name: ROOM });
    await siti.expectText(siti.say('dashboard.rooms.locked'));
    expect(await violations(siti.tab)).toEqual([]);

    await siti.tab.goto(link);
    await siti.click(siti.button('prejoin.join'));
    await siti.enterPassword('rahasia');
    await siti.expectInCall();
    await siti.leave();
    await eventually('nothing is prepared any more', async () => {
      await siti.tab.goto(`${address}${area}/rooms/prepared`);
      await siti.waitFor({
        role: 'heading',
        name: siti.say('dashboard.rooms.prepared.heading'),
      });
      return !(await siti.tab.isThere({ role: 'button', name: ROOM })) || 'still prepared';
    });
    await siti.expectText(siti.say('dashboard.rooms.prepared.empty_title'));
  });
});
