import { describe } from 'vitest';
import { test } from '../src/stage.ts';

/** Large black letters on white, as a report would have them. */
const REPORT = `<!doctype html><title>Laporan</title>
<body style="margin:0;background:#fff;color:#000;font:700 18vw/1.1 sans-serif">Omzet<br>128.450`;

describe('what people send', () => {
  test('a muted microphone is shown and silent, and heard again afterwards', async ({ stage }) => {
    const budi = await stage.chromium('Budi');
    const siti = await stage.chromium('Siti');
    await budi.join(stage.guest());
    await siti.join(stage.guest());
    await siti.expectHears(budi);

    await budi.click(budi.control('toolbar.mute'));
    const sign = { role: 'img', name: siti.say('tile.muted'), within: siti.tileOf(budi) };
    await siti.waitFor(sign);
    await siti.expectDoesNotHear(budi);
    await siti.expectSees(budi);

    await budi.click(budi.control('toolbar.unmute'));
    await siti.waitUntilGone(sign);
    await siti.expectHears(budi);
  });

  test('a stopped camera leaves the name and no picture', async ({ stage }) => {
    const budi = await stage.chromium('Budi');
    const siti = await stage.chromium('Siti');
    await budi.join(stage.guest());
    await siti.join(stage.guest());
    await siti.expectSees(budi);

    await budi.click(budi.control('toolbar.camera_off'));
    await siti.expectSeesNoPictureOf(budi);
    await siti.expectHears(budi);

    await budi.click(budi.control('toolbar.camera_on'));
    await siti.expectSees(budi);
  });

  test('a shared screen is readable for the other, and gone when sharing stops', async ({
    stage,
  }) => {
    const budi = await stage.chromium('Budi', { sharedTab: 'Laporan' });
    const siti = await stage.chromium('Siti');
    await budi.openBeside(REPORT);
    await budi.join(stage.guest());
    await siti.join(stage.guest());

    await budi.click(budi.control('toolbar.share'));
    const screen = siti.screenOf(budi);
    await siti.waitFor(screen);
    await siti.expectReadsScreenOf(budi, 360);
    await siti.expectSees(budi);

    await budi.click(budi.control('toolbar.share_stop'));
    await siti.waitUntilGone(screen);
  });

  test('two screens are shared at once, and a third person reads both', async ({ stage }) => {
    const budi = await stage.chromium('Budi', { sharedTab: 'Laporan' });
    const siti = await stage.chromium('Siti', { sharedTab: 'Laporan' });
    const dewi = await stage.firefox('Dewi');
    for (const person of [budi, siti]) await person.openBeside(REPORT);
    for (const person of [budi, siti, dewi]) await person.join(stage.guest());

    for (const person of [budi, siti]) await person.click(person.control('toolbar.share'));
    await dewi.expectReadsScreenOf(budi, 360);
    await dewi.expectReadsScreenOf(siti, 360);

    await budi.click(budi.control('toolbar.share_stop'));
    await dewi.waitUntilGone(dewi.screenOf(budi));
    await dewi.expectReadsScreenOf(siti, 360);
  });

  test('a raised hand is seen by the other until it is lowered', async ({ stage }) => {
    const budi = await stage.chromium('Budi');
    const siti = await stage.chromium('Siti');
    await budi.join(stage.guest());
    await siti.join(stage.guest());

    await budi.click(budi.control('toolbar.hand_raise'));
    const hand = { role: 'img', name: siti.say('tile.hand'), within: siti.tileOf(budi) };
    await siti.waitFor(hand);
    await budi.click(budi.control('toolbar.hand_lower'));
    await siti.waitUntilGone(hand);
  });
});
