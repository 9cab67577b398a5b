import { describe } from 'vitest';
import { test } from '../src/stage.ts';

describe('a moderator', () => {
  test('mutes somebody, who can be asked to come back and does', async ({ stage }) => {
    const ayu = await stage.chromium('dr. Ayu');
    const budi = await stage.chromium('Budi');
    await ayu.join(await stage.moderator('dr. Ayu'));
    await budi.join(stage.guest());
    await ayu.expectHears(budi);

    await ayu.choose(ayu.menuOf(budi), ayu.say('people.mute'));
    await budi.waitFor(budi.control('toolbar.unmute'));
    await ayu.expectDoesNotHear(budi);

    await ayu.choose(ayu.menuOf(budi), ayu.say('people.ask_unmute'));
    await budi.confirm('asked.microphone_title', 'asked.microphone_action', { name: 'dr. Ayu' });
    await ayu.expectHears(budi);
  });

  test('removes somebody, who reads so and is gone', async ({ stage }) => {
    const ayu = await stage.chromium('dr. Ayu');
    const budi = await stage.chromium('Budi');
    await ayu.join(await stage.moderator('dr. Ayu'));
    await budi.join(stage.guest());
    await ayu.waitFor(ayu.tileOf(budi));

    await ayu.choose(ayu.menuOf(budi), ayu.say('people.remove'));
    await ayu.confirm('confirm.remove_title', 'confirm.remove_action', { name: 'Budi' });
    await budi.expectText(budi.say('left.removed_title'));
    await ayu.waitUntilGone(ayu.tileOf(budi));
  });

  test('ends the call for everybody', async ({ stage }) => {
    const ayu = await stage.chromium('dr. Ayu');
    const budi = await stage.chromium('Budi');
    await ayu.join(await stage.moderator('dr. Ayu'));
    await budi.join(stage.guest());
    await ayu.waitFor(ayu.tileOf(budi));

    await ayu.choose(ayu.control('toolbar.leave_call'), ayu.say('toolbar.end_for_all'));
    await ayu.confirm('confirm.end_title', 'confirm.end_action');
    await budi.expectText(budi.say('left.call_ended_title'));
    await ayu.expectText(ayu.say('left.call_ended_title'));
  });

  test('lets one waiting person in and refuses another', async ({ stage }) => {
    const ayu = await stage.chromium('dr. Ayu');
    const budi = await stage.chromium('Budi');
    const agus = await stage.chromium('Agus');
    await ayu.join(await stage.moderator('dr. Ayu'));
    await ayu.openAccess();
    await ayu.click(ayu.lobbySwitch());

    await budi.askToJoin(stage.guest());
    await budi.expectText(budi.say('lobby.heading'));
    await agus.askToJoin(stage.guest());
    await agus.expectText(agus.say('lobby.heading'));

    await ayu.click(ayu.button('people.admit_name', { name: 'Budi' }));
    await ayu.click(ayu.button('people.deny_name', { name: 'Agus' }));
    await budi.expectInCall();
    await ayu.expectMeets(budi);
    await agus.expectText(agus.say('join_error.title.lobby_denied'));
  });

  test('locks the room with a password that newcomers need', async ({ stage }) => {
    const ayu = await stage.chromium('dr. Ayu');
    const budi = await stage.chromium('Budi');
    await ayu.join(await stage.moderator('dr. Ayu'));
    await ayu.openAccess();
    await ayu.click(ayu.button('people.password_set'));
    await ayu.fill({ role: 'textbox', name: ayu.words.like('confirm.password_label') }, 'melati-8');
    await ayu.confirm('confirm.password_title', 'confirm.password_action');

    await budi.askToJoin(stage.guest());
    await budi.expectText(budi.say('join_error.title.password_required'));
    await budi.enterPassword('salah');
    await budi.expectText(budi.say('join_error.title.password_wrong'));
    await budi.enterPassword('melati-8');
    await budi.expectInCall();
    await ayu.expectMeets(budi);
  });

  test('without the right nobody has the moderator’s choices', async ({ stage }) => {
    const budi = await stage.chromium('Budi');
    const siti = await stage.chromium('Siti');
    await budi.join(stage.guest());
    await siti.join(stage.guest());

    await budi.click(budi.menuOf(siti));
    await budi.waitFor({ role: 'menuitem', name: budi.say('chat.write_privately') });
    await budi.waitUntilGone({ role: 'menuitem', name: budi.say('people.mute') });
    await budi.waitUntilGone({ role: 'menuitem', name: budi.say('people.remove') });
  });
});
