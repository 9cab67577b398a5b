import { describe, expect } from 'vitest';
import { violations } from '../src/axe.ts';
import { eventually } from '../src/eventually.ts';
import type { Person } from '../src/Person.ts';
import { acceptInvitation, becomeOperator, makeClient, readText } from '../src/platform.ts';
import { type Stage, test } from '../src/stage.ts';

const ROOM = 'konsultasi-rekam';

/** What is recorded before it is stopped, seconds: several keyframes of both cameras. */
const ENOUGH_S = 8;

/** Frames that have to be played before a picture counts as moving. */
const MOVING_FRAMES = 10;

/** The owner of an organisation, its area of the dashboard, and its first app. */
async function ownApp(
  stage: Stage,
): Promise<{ readonly siti: Person; readonly area: string; readonly app: string }> {
  const { address, firstLoginUrl } = stage.server;
  const rina = await stage.chromium('Rina');
  const siti = await stage.chromium('Siti');
  await becomeOperator(rina, firstLoginUrl);
  await rina.expectText(rina.say('dashboard.operator.clients.heading'));
  const area = await acceptInvitation(siti, await makeClient(rina, address));
  await rina.tab.close();
  await siti.tab.goto(`${address}${area}/apps`);
  return { siti, area, app: await readText(siti, /toko-melati-[a-z0-9]{5}/) };
}

/** Waits until the clock of the recording shows enough. */
async function recordEnough(person: Person): Promise<void> {
  await eventually(`${person.name} sees ${ENOUGH_S} seconds recorded`, async () => {
    const text = await person.tab.run(() => document.body.innerText, null);
    const [, minutes, seconds] = /REC\s+(\d+):(\d\d)/.exec(text) ?? [];
    const recorded = Number(minutes) * 60 + Number(seconds);
    return recorded >= ENOUGH_S || `${minutes}:${seconds}`;
  });
}

/** Frames of all pictures that the player has shown. */
function playedFrames(person: Person): Promise<number> {
  return person.tab.run(() => {
    const videos = [...document.querySelectorAll('video')];
    const shown = videos.map((video) => video.getVideoPlaybackQuality().totalVideoFrames);
    return shown.reduce((sum, frames) => sum + frames, 0);
  }, null);
}

describe('a recorded call', () => {
  test('is started by a moderator, agreed to, stopped, found and played', async ({ stage }) => {
    const { siti, area, app } = await ownApp(stage);
    const { address } = stage.server;
    const budi = await stage.chromium('Budi');
    for (const [person, isModerator] of [
      [siti, true],
      [budi, false],
    ] as const) {
      const token = await stage.server.token({ app, room: ROOM, name: person.name, isModerator });
      await person.join({ address, app, room: ROOM, token });
    }
    await siti.expectMeets(budi);

    await siti.choose(siti.control('toolbar.more'), siti.say('recording.record'));
    const dialog = { role: 'dialog', name: siti.say('recording.record_title') };
    await siti.waitFor(dialog);
    expect(await violations(siti.tab)).toEqual([]);
    await siti.confirm('recording.record_title', 'recording.record_action');
    await budi.waitFor(budi.button('recording.agree'));
    expect(await violations(budi.tab)).toEqual([]);
    await budi.click(budi.button('recording.agree'));
    await budi.waitUntilGone(budi.button('recording.agree'));
    // Whoever began it is not asked.
    expect(await siti.tab.isThere(siti.button('recording.agree'))).toBe(false);
    await recordEnough(budi);

    await siti.choose(siti.control('toolbar.more'), siti.say('recording.stop'));
    await siti.confirm('recording.end.kept.title', 'recording.end.kept.action');
    await budi.expectText(budi.say('recording.stopped'));
    await budi.leave();
    await siti.leave();

    await eventually('the recording is in the library', async () => {
      await siti.tab.goto(`${address}${area}/recordings?state=ready`);
      await siti.waitFor({ role: 'heading', name: siti.say('dashboard.recordings.heading') });
      return (await siti.tab.isThere({ role: 'link', name: ROOM })) || 'no such recording';
    });
    expect(await violations(siti.tab)).toEqual([]);
    await siti.click({ role: 'link', name: ROOM });
    await siti.click(siti.button('dashboard.recordings.player.start'));
    await eventually('its pictures move', async () => {
      const frames = await playedFrames(siti);
      return frames >= MOVING_FRAMES || `${frames} frames`;
    });
    expect(await violations(siti.tab)).toEqual([]);
    // The evidence knows who agreed, and who was not asked.
    await siti.expectText(siti.say('dashboard.recordings.evidence.agreed'));
    await siti.expectText(siti.say('dashboard.recordings.evidence.started_it'));
  });
});
