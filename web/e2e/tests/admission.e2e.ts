import { describe } from 'vitest';
import { test } from '../src/stage.ts';

describe('who may come in', () => {
  test('a token carries the name, and a guest stands beside it', async ({ stage }) => {
    const ayu = await stage.chromium('dr. Ayu');
    const budi = await stage.chromium('Budi');
    await ayu.join(await stage.moderator('dr. Ayu'));
    await budi.join(stage.guest());
    await budi.waitFor(budi.tileOf(ayu));
  });

  test('a token for another room is refused with words', async ({ stage }) => {
    const ayu = await stage.chromium('dr. Ayu');
    const { token } = await stage.moderator('dr. Ayu', 'ruang-lain');
    await ayu.askToJoin({ ...stage.guest(), token: token ?? '' });
    await ayu.expectText(ayu.say('join_error.title.token_wrong_room'));
  });

  test('an unknown app is said to lead nowhere', async ({ stage }) => {
    const budi = await stage.chromium('Budi');
    await budi.tab.goto(`${stage.server.address}/tidak-ada-x1y2z/ruang`);
    await budi.expectText(budi.say('join_error.title.app_unknown'));
  });

  test('a browser that blocks camera and microphone gets help and joins without', async ({
    stage,
  }) => {
    const budi = await stage.chromium('Budi', { permission: 'denied' });
    const siti = await stage.chromium('Siti');
    await budi.visit(stage.guest());
    await budi.expectText(/blocks (?:the )?(?:camera|microphone)/);
    await budi.expectText(budi.say('media.help.permission_denied_chrome'));
    await budi.join(stage.guest());
    await siti.join(stage.guest());
    await budi.expectSees(siti);
    await siti.expectSeesNoPictureOf(budi);
  });

  test('a rating after the call is stored', async ({ stage }) => {
    const budi = await stage.chromium('Budi');
    const siti = await stage.chromium('Siti');
    await budi.join(stage.guest());
    await siti.join(stage.guest());
    await budi.expectSees(siti);
    await budi.expectHears(siti);
    await budi.expectInCallFor(6_000);
    await budi.leave();

    await budi.click({
      role: 'radio',
      name: `${budi.say('left.rate_star', { count: 5 })}: ${budi.say('left.rate_5')}`,
    });
    await budi.click(budi.button('left.rate_send'));
    await budi.expectText(budi.say('left.rate_thanks'));
  });
});
