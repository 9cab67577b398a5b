import { describe, expect } from 'vitest';
import { violations } from '../src/axe.ts';
import type { Person } from '../src/Person.ts';
import { type Stage, test } from '../src/stage.ts';

/** A phone as narrow as they come, in CSS pixels. */
const PHONE = { width: 360, height: 740 };

/** Smallest control in a call, CSS pixels. */
const CONTROL_PX = 44;

async function expectNoViolations(person: Person, screen: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await person.tab.setTheme(theme);
    expect(await violations(person.tab), `${screen}, ${theme}`).toEqual([]);
  }
}

async function expectFitsWidth(person: Person, screen: string): Promise<void> {
  const overflow = await person.tab.run(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  }, null);
  expect(overflow, `${screen} scrolls sideways`).toBeLessThanOrEqual(0);
}

/** The panel is fetched when it opens first: it is open when it is there, not when its button says so. */
async function openPanel(person: Person, panel: 'chat' | 'people'): Promise<void> {
  await person.open(panel);
  await person.waitFor({ role: 'complementary', name: person.say(`${panel}.title`) });
}

async function twoInARoom(stage: Stage, language: 'en' | 'id' = 'en'): Promise<Person[]> {
  const budi = await stage.chromium('Budi', { language });
  const ayu = await stage.chromium('dr. Ayu', { language });
  await budi.join(stage.guest());
  await ayu.join(await stage.moderator('dr. Ayu'));
  await budi.expectSees(ayu);
  return [budi, ayu];
}

describe('every screen', () => {
  test('has no accessibility problem before and after a call', async ({ stage }) => {
    const budi = await stage.chromium('Budi');
    await budi.tab.goto(stage.server.address);
    await budi.waitFor({ role: 'heading', name: budi.say('landing.heading') });
    await expectNoViolations(budi, 'landing');

    await budi.tab.goto(stage.server.firstLoginUrl);
    await budi.waitFor({ role: 'heading', name: budi.say('dashboard.people.welcome.heading') });
    await expectNoViolations(budi, 'welcome');

    await budi.visit(stage.guest());
    await expectNoViolations(budi, 'prejoin');

    await budi.join(stage.guest());
    await expectNoViolations(budi, 'alone in the call');
    await budi.leave();
    await expectNoViolations(budi, 'left');

    await budi.tab.goto(`${stage.server.address}/tidak-ada-x1y2z/ruang`);
    await budi.expectText(budi.say('join_error.title.app_unknown'));
    await expectNoViolations(budi, 'bad link');
  });

  test('has no accessibility problem during a call', async ({ stage }) => {
    const [budi, ayu] = await twoInARoom(stage);
    if (!budi || !ayu) throw new Error('two people are needed');
    await expectNoViolations(ayu, 'call');
    for (const key of ['mic_devices', 'camera_devices', 'layout', 'react', 'more', 'leave_call']) {
      await ayu.click(ayu.control(`toolbar.${key}`));
      await ayu.waitFor({
        role: key === 'react' ? 'dialog' : 'menu',
        name: ayu.say(`toolbar.${key}`),
      });
      await expectNoViolations(ayu, key);
      await ayu.tab.press('Escape');
    }
    await budi.sendChat('Selamat pagi, dok. Ini hasilnya: https://klinik.example/hasil');
    await ayu.expectMessage('Selamat pagi, dok.');
    await expectNoViolations(ayu, 'chat');
    await openPanel(ayu, 'people');
    await expectNoViolations(ayu, 'people');

    await ayu.choose(ayu.control('toolbar.more'), ayu.say('toolbar.settings'));
    await ayu.waitFor({ role: 'dialog', name: ayu.say('settings.title') });
    await expectNoViolations(ayu, 'settings');
    await ayu.tab.press('Escape');
    await ayu.waitUntilGone({ role: 'dialog', name: ayu.say('settings.title') });

    await ayu.choose(ayu.control('toolbar.more'), ayu.say('toolbar.shortcuts'));
    await ayu.waitFor({ role: 'dialog', name: ayu.say('shortcuts.title') });
    await expectNoViolations(ayu, 'shortcuts');
  });

  test('has no accessibility problem while somebody waits', async ({ stage }) => {
    const ayu = await stage.chromium('dr. Ayu');
    const budi = await stage.chromium('Budi');
    await ayu.join(await stage.moderator('dr. Ayu'));
    await ayu.openAccess();
    await ayu.click(ayu.lobbySwitch());
    await budi.askToJoin(stage.guest());
    await budi.expectText(budi.say('lobby.heading'));
    await expectNoViolations(budi, 'lobby');
    await ayu.waitFor(ayu.button('people.admit_name', { name: 'Budi' }));
    await expectNoViolations(ayu, 'people with somebody waiting');
  });

  test('fits a phone, with every control in reach', async ({ stage }) => {
    const budi = await stage.chromium('Budi', { size: PHONE });
    const siti = await stage.chromium('Siti');
    await budi.visit(stage.guest());
    await expectFitsWidth(budi, 'prejoin');
    await budi.join(stage.guest());
    await siti.join(stage.guest());
    await budi.expectSees(siti);
    await expectFitsWidth(budi, 'call');

    for (const key of ['mute', 'camera_off', 'hand_raise', 'more', 'leave_call']) {
      const box = await budi.tab.runOn(
        budi.control(`toolbar.${key}`),
        (_, element) => element.getBoundingClientRect().toJSON() as DOMRect,
        null,
      );
      expect(box.left, key).toBeGreaterThanOrEqual(0);
      expect(box.right, key).toBeLessThanOrEqual(PHONE.width);
      expect(box.bottom, key).toBeLessThanOrEqual(PHONE.height);
      expect(Math.min(box.width, box.height), key).toBeGreaterThanOrEqual(CONTROL_PX);
    }
    await budi.sendChat('Halo dari ponsel');
    await siti.expectMessage('Halo dari ponsel');
    await expectFitsWidth(budi, 'chat');
    await expectNoViolations(budi, 'chat on a phone');
    await budi.click(budi.control('toolbar.more'));
    await budi.waitFor({ role: 'menu', name: budi.say('toolbar.more') });
    await expectFitsWidth(budi, 'more');
    await expectNoViolations(budi, 'more on a phone');
  });

  test('speaks Indonesian to an Indonesian browser', async ({ stage }) => {
    const [budi] = await twoInARoom(stage, 'id');
    if (!budi) throw new Error('somebody is needed');
    expect(await budi.tab.run(() => document.documentElement.lang, null)).toBe('id');
    await budi.waitFor(budi.control('toolbar.mute'));
    await budi.sendChat('Halo');
    await budi.leave();
    await budi.expectText(budi.say('left.left_title'));
  });
});
