import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeRoom } from '../gallery/FakeRoom';
import { people } from '../gallery/people';
import { MEDIA_OFF, MEDIA_ON, roomState } from '../gallery/roomState';
import { renderInRoom } from '../testing/renderInRoom';
import { CallScreen } from './CallScreen';

function enter(
  changes: Parameters<typeof roomState>[0] = {},
  media = MEDIA_ON,
  initialUi?: Parameters<typeof CallScreen>[0]['initialUi'],
) {
  const room = new FakeRoom(roomState(changes), media);
  renderInRoom(room, <CallScreen {...(initialUi && { initialUi })} />);
  return { room, person: userEvent.setup({ delay: null }) };
}

const control = (name: string | RegExp) =>
  within(screen.getByRole('toolbar')).getByRole('button', { name });
const entry = (id: string, text: string, from = 'par_001') => ({
  id,
  from,
  fromName: 'dr. Ayu Lestari',
  text,
  atMs: Date.now(),
  isOwn: from === 'par_000',
});

beforeEach(() => {
  localStorage.clear();
});

describe('keyboard', () => {
  it('M switches the microphone, and the button says what it does next', async () => {
    const { person, room } = enter();
    await person.keyboard('m');
    expect(room.local.state.microphone.isOn).toBe(false);
    expect(control('Unmute')).toBeTruthy();
  });

  it('rests while one writes a message', async () => {
    const { person, room } = enter({}, MEDIA_ON, { panel: 'chat' });
    await person.type(await screen.findByRole('textbox', { name: 'Message' }), 'mvd');
    expect(room.local.state.microphone.isOn).toBe(true);
  });

  it('Space opens a muted microphone while it is held', async () => {
    const { person, room } = enter({}, MEDIA_OFF);
    await person.keyboard('{ >}');
    expect(room.local.state.microphone.isOn).toBe(true);
    await person.keyboard('{/ }');
    expect(room.local.state.microphone.isOn).toBe(false);
  });

  it('? opens the list of keys', async () => {
    const { person } = enter();
    await person.keyboard('?');
    expect(await screen.findByRole('dialog', { name: 'Keyboard shortcuts' })).toBeTruthy();
  });
});

describe('focus', () => {
  it('comes back to the button whose menu opened a dialog', async () => {
    const { person } = enter();
    control('More').focus();
    await person.keyboard('{Enter}');
    await person.click(await screen.findByRole('menuitem', { name: 'Settings' }));
    await screen.findByRole('dialog', { name: 'Settings' });
    await person.keyboard('{Escape}');
    await vi.waitFor(() => expect(document.activeElement).toBe(control('More')));
  });

  it('stays with a button while its menu opens and closes', async () => {
    const { person } = enter();
    const button = control('React');
    await person.click(button);
    await screen.findByRole('button', { name: 'Heart' });
    expect(control('React')).toBe(button);
  });
});

describe('chat', () => {
  it('counts messages that came while it was closed and forgets them once read', async () => {
    const { person, room } = enter({ chat: [entry('1', 'before')] });
    act(() => room.change({ chat: [...room.state.chat, entry('2', 'Halo'), entry('3', 'Bisa?')] }));
    await person.click(control('Chat, 2 unread messages'));
    expect(await screen.findByText('New messages')).toBeTruthy();
    await person.click(control('Close chat'));
    expect(control('Chat')).toBeTruthy();
  });

  it('Enter sends, Shift and Enter make a new line', async () => {
    const { person, room } = enter({}, MEDIA_ON, { panel: 'chat' });
    const sendChat = vi.spyOn(room, 'sendChat');
    const field = await screen.findByRole('textbox', { name: 'Message' });
    await person.type(field, 'satu{Shift>}{Enter}{/Shift}dua{Enter}');
    expect(sendChat).toHaveBeenCalledWith('satu\ndua', undefined);
  });

  it('keeps what is typed on while a message is under way', async () => {
    const { person, room } = enter({}, MEDIA_ON, { panel: 'chat' });
    let arrive = (): void => undefined;
    const answer = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    vi.spyOn(room, 'sendChat').mockReturnValue(answer);
    const field = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Message' });
    await person.type(field, 'satu{Enter}dua');
    await act(async () => arrive());
    expect(field.value).toBe('dua');
  });

  it('gives back a message that did not arrive, before what was typed since', async () => {
    const { person, room } = enter({}, MEDIA_ON, { panel: 'chat' });
    let fail = (): void => undefined;
    const answer = new Promise<void>((_, reject) => {
      fail = () => reject(new Error('lost'));
    });
    vi.spyOn(room, 'sendChat').mockReturnValue(answer);
    const field = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Message' });
    await person.type(field, 'satu{Enter}dua');
    await act(async () => fail());
    expect(field.value).toBe('satu\ndua');
  });

  it('takes its notice away when it opens', async () => {
    const { person, room } = enter();
    act(() => room.emit('chatReceived', { entry: entry('1', 'Halo') }));
    expect(screen.getByText('Halo')).toBeTruthy();
    await person.click(screen.getByRole('button', { name: 'Open' }));
    await screen.findByRole('complementary', { name: 'Chat' });
    expect(screen.queryByText('Halo')).toBeNull();
  });

  it('says by how much a message is too long and does not send it', async () => {
    const { person, room } = enter({}, MEDIA_ON, { panel: 'chat' });
    const sendChat = vi.spyOn(room, 'sendChat');
    const field = await screen.findByRole('textbox', { name: 'Message' });
    await person.click(field);
    await person.paste('a'.repeat(4_003));
    await person.keyboard('{Enter}');
    expect(screen.getByText('3 characters too many')).toBeTruthy();
    expect(sendChat).not.toHaveBeenCalled();
  });

  it('links open elsewhere without telling where from', async () => {
    enter({ chat: [entry('1', 'lihat https://klinik.example/a')] }, MEDIA_ON, { panel: 'chat' });
    const link = await screen.findByRole('link', { name: 'https://klinik.example/a' });
    expect(link.getAttribute('rel')).toContain('noopener');
    expect(link.getAttribute('rel')).toContain('noreferrer');
  });
});

describe('moderation', () => {
  it('is not offered to others', async () => {
    const { person } = enter(
      { participants: people(3).map((one) => ({ ...one, isModerator: false })) },
      MEDIA_ON,
      { panel: 'people' },
    );
    const panel = await screen.findByRole('complementary', { name: 'People' });
    await person.click(within(panel).getByRole('button', { name: 'Options for Budi Santoso' }));
    expect(await screen.findByRole('menuitem', { name: 'Write privately' })).toBeTruthy();
    expect(screen.queryByRole('menuitem', { name: /Remove/ })).toBeNull();
    expect(within(panel).queryByRole('button', { name: 'Mute everyone' })).toBeNull();
  });

  it('removes only after a question that names the person', async () => {
    const { person, room } = enter({}, MEDIA_ON, { panel: 'people' });
    const remove = vi.spyOn(room.moderation, 'remove');
    const panel = await screen.findByRole('complementary', { name: 'People' });
    await person.click(within(panel).getByRole('button', { name: 'Options for Budi Santoso' }));
    await person.click(await screen.findByRole('menuitem', { name: 'Remove from the call…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Remove Budi Santoso?' });
    expect(remove).not.toHaveBeenCalled();
    await person.click(within(dialog).getByRole('button', { name: 'Remove' }));
    expect(remove).toHaveBeenCalledWith('par_002', { ban: false });
  });

  it('lets people in who wait', async () => {
    const { person, room } = enter(
      {
        lobby: [
          { participantId: 'par_900', name: 'Ratna', isVerified: false, sinceMs: Date.now() },
        ],
      },
      MEDIA_ON,
      { panel: 'people' },
    );
    const answer = vi.spyOn(room.moderation, 'answerLobby');
    await person.click(await screen.findByRole('button', { name: 'Let in Ratna' }));
    expect(answer).toHaveBeenCalledWith('par_900', true);
  });

  it('asks before it opens a microphone', async () => {
    const { person, room } = enter({}, MEDIA_OFF);
    act(() => room.emit('unmuteAsked', { source: 'microphone', by: 'par_001' }));
    const dialog = await screen.findByRole('dialog', {
      name: 'dr. Ayu Lestari asks you to unmute',
    });
    expect(room.local.state.microphone.isOn).toBe(false);
    await person.click(within(dialog).getByRole('button', { name: 'Unmute' }));
    await waitFor(() => expect(room.local.state.microphone.isOn).toBe(true));
  });
});

describe('notices', () => {
  it('tell and read out who joins', async () => {
    const { room } = enter();
    const [, , , , newcomer] = people(5);
    if (!newcomer) throw new Error('made-up people are missing');
    act(() => room.emit('participantJoined', { participant: newcomer }));
    const texts = await screen.findAllByText('Agus Wijaya joined');
    expect(texts.some((element) => element.closest('[aria-live="polite"]'))).toBe(true);
  });

  it('never tell the own hand', () => {
    const { room } = enter();
    act(() => room.emit('handRaised', { participantId: 'par_000' }));
    expect(screen.queryByText(/raises a hand/)).toBeNull();
  });

  it('say since when the connection is lost', () => {
    enter({ phase: 'reconnecting', phaseSince: Date.now() - 6_500 });
    expect(screen.getByText(/Reconnecting for 0:06/)).toBeTruthy();
  });

  it('of somebody who knocks goes when nobody waits any more', () => {
    const { room } = enter();
    const waiting = { participantId: 'par_9', name: 'Ratna', isVerified: false, sinceMs: 0 };
    act(() => {
      room.change({ lobby: [waiting] });
      room.emit('lobbyKnocked', { entry: waiting });
    });
    expect(screen.getByText('Wants to come in')).toBeTruthy();
    act(() => room.change({ lobby: [] }));
    expect(screen.queryByText('Wants to come in')).toBeNull();
  });

  it('offer to play sound that the browser holds back', async () => {
    const { person } = enter({ isAudioBlocked: true });
    await person.click(screen.getByRole('button', { name: 'Play the sound' }));
    expect(screen.queryByText('Your browser holds back the sound')).toBeNull();
  });
});
