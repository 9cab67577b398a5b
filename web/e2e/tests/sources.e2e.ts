import { describe } from 'vitest';
import { eventually } from '../src/eventually.ts';
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
    await eventually('the letters stand out sharply on the other side', async () => {
      const [shown] = await siti.tab.runOn(
        screen,
        (_, element) => window.jumpaProbe.shown(element, true),
        null,
      );
      if (!shown?.isPainted) return 'not painted';
      const { sharpness } = shown;
      return (shown.height >= 360 && sharpness > 0.5) || `${shown.height} px, ${sharpness}`;
    });
    await siti.expectSees(budi);

    await budi.click(budi.control('toolbar.share_stop'));
    await siti.waitUntilGone(screen);
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
