import {
  type RecordingFailure,
  type RecordingView,
  RequestError,
  type StreamView,
} from '@jumpa/sdk';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallScreen } from '../call/CallScreen';
import { FakeRoom } from '../gallery/FakeRoom';
import { people } from '../gallery/people';
import { MEDIA_ON, roomState } from '../gallery/roomState';
import { renderInRoom } from '../testing/renderInRoom';

const NAME = 'dr. Ayu Lestari is recording this call';
const GUESTS = people(3).map((one) => ({ ...one, isModerator: false }));

const recording = (changes: Partial<RecordingView> = {}): RecordingView => ({
  id: 'rec_1',
  kind: 'tracks',
  state: 'active',
  startedAtMs: Date.now() - 201_500,
  startedBy: 'dr. Ayu Lestari',
  isSoundOnly: false,
  isRequired: false,
  streams: [],
  ...changes,
});
const pending = recording({ state: 'queued', startedAtMs: null });

function enter(changes: Parameters<typeof roomState>[0] = {}) {
  const room = new FakeRoom(roomState(changes), MEDIA_ON);
  renderInRoom(room, <CallScreen />);
  return { room, person: userEvent.setup({ delay: null }) };
}

const badge = () => screen.queryByRole('button', { name: /recorded|recordings of|shown live/ });
const notice = () => screen.queryByRole('region', { name: /is recording this call|still in/ });
const readOut = (text: string | RegExp) =>
  screen.getAllByText(text).some((element) => element.closest('[aria-live="polite"]'));

async function fromMenu(person: ReturnType<typeof userEvent.setup>, entry: string) {
  const toolbar = within(screen.getByRole('toolbar'));
  await person.click(toolbar.getByRole('button', { name: 'More' }));
  await person.click(await screen.findByRole('menuitem', { name: entry }));
}

beforeEach(() => {
  localStorage.clear();
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the state', () => {
  it('says that a recording is about to start, also to screen readers', () => {
    enter({ recordings: [pending] });
    expect(readOut('Recording is about to start…')).toBe(true);
    expect(screen.getAllByText('Recording is about to start…')).toHaveLength(2);
    expect(badge()).toBeNull();
    expect(notice()).toBeNull();
  });

  it('shows in words that the call is recorded, and for how long', () => {
    enter({ recordings: [recording()] });
    expect(badge()?.textContent).toBe(
      'REC3:21 This call is recorded, for 3 minutes, 21 seconds now',
    );
  });

  it('counts several recordings, from the oldest on', () => {
    const sound = recording({ id: 'rec_2', kind: 'audio_only', startedAtMs: Date.now() - 4_000 });
    enter({ recordings: [recording(), sound] });
    expect(badge()?.textContent).toMatch(/^REC× 23:21 2 recordings of this call run/);
  });

  it.each([
    ['a phone', 360],
    ['a tablet', 800],
    ['a wide window', 1600],
  ])('is shown once on %s', (_, width) => {
    vi.spyOn(window, 'matchMedia').mockImplementation(
      (query) =>
        ({
          matches: width <= Number(/max-width: (\d+)px/.exec(query)?.[1] ?? 0),
          addEventListener: () => undefined,
          removeEventListener: () => undefined,
        }) as unknown as MediaQueryList,
    );
    enter({ recordings: [recording()] });
    expect(screen.getAllByText('REC')).toHaveLength(1);
  });

  it('is read out once when the recording begins', () => {
    const { room } = enter({ recordings: [pending] });
    act(() => room.change({ recordings: [recording()] }));
    expect(readOut(NAME)).toBe(true);
    act(() => room.change({ recordings: [recording({ startedBy: 'Budi' })] }));
    expect(readOut('Budi is recording this call')).toBe(false);
  });

  it('tells that the recording has ended', () => {
    const { room } = enter({ recordings: [recording()] });
    act(() => {
      room.change({ recordings: [] });
      room.emit('recordingStopped', { recording: recording({ state: 'finalising' }) });
    });
    expect(readOut('The recording has ended')).toBe(true);
    expect(badge()).toBeNull();
    expect(notice()).toBeNull();
  });
});

describe('consent', () => {
  it('is asked of whoever joins while a recording runs, and goes with the answer', async () => {
    const { room, person } = enter({ recordings: [recording()] });
    const consent = vi.spyOn(room, 'consentToRecording');
    expect(notice()?.textContent).toContain(NAME);
    await person.click(screen.getByRole('button', { name: 'I agree' }));
    expect(consent).toHaveBeenCalledExactlyOnceWith('rec_1', true);
    expect(notice()).toBeNull();
    act(() => room.change({ recordings: [recording()] }));
    expect(notice()).toBeNull();
  });

  it('is asked for each recording of several', async () => {
    const byApp: Partial<RecordingView> = recording({ id: 'rec_2' });
    const { startedBy: _, ...second } = byApp as RecordingView;
    const { room, person } = enter({ recordings: [recording(), second] });
    const consent = vi.spyOn(room, 'consentToRecording');
    await person.click(screen.getByRole('button', { name: 'I agree' }));
    expect(
      screen.getByRole('region', { name: 'Klinik Sehat is recording this call' }),
    ).toBeTruthy();
    await person.click(screen.getByRole('button', { name: 'I agree' }));
    expect(consent.mock.calls).toEqual([
      ['rec_1', true],
      ['rec_2', true],
    ]);
  });

  it('is not asked of whoever began it', () => {
    enter({ recordings: [recording({ startedById: 'par_000' })] });
    expect(badge()).toBeTruthy();
    expect(notice()).toBeNull();
  });

  it('can be refused, by staying without a picture or by leaving', async () => {
    const { room, person } = enter({ recordings: [recording()] });
    const consent = vi.spyOn(room, 'consentToRecording');
    const leave = vi.spyOn(room, 'leave');
    await person.click(screen.getByRole('button', { name: 'I do not agree' }));
    expect(consent).toHaveBeenCalledExactlyOnceWith('rec_1', false);
    await waitFor(() => expect(notice()?.textContent).toContain('You are still in the recording'));
    expect(leave).not.toHaveBeenCalled();
    await person.click(screen.getByRole('button', { name: 'Leave call' }));
    expect(leave).toHaveBeenCalled();
    await person.click(screen.getByRole('button', { name: 'Stay' }));
    expect(notice()).toBeNull();
  });

  it('stays open until the answer has arrived', async () => {
    const { room, person } = enter({ recordings: [recording()] });
    const consent = vi.spyOn(room, 'consentToRecording');
    consent.mockRejectedValueOnce(new RequestError('disconnected', 'lost'));
    await person.click(screen.getByRole('button', { name: 'I agree' }));
    expect((await screen.findByRole('alert')).textContent).toContain('did not arrive');
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'I agree' }));
    await person.keyboard('{Enter}');
    await waitFor(() => expect(notice()).toBeNull());
  });

  it('takes the focus, leaves the keys of the call alone, and gives it back', async () => {
    const { room, person } = enter();
    const more = within(screen.getByRole('toolbar')).getByRole('button', { name: 'More' });
    act(() => more.focus());
    act(() => room.change({ recordings: [recording()] }));
    expect(document.activeElement).toBe(notice());
    await person.keyboard('m');
    expect(room.local.state.microphone.isOn).toBe(false);
    await person.tab();
    await person.tab();
    await person.keyboard('{Enter}');
    await waitFor(() => expect(document.activeElement).toBe(more));
  });

  it('does not take the focus from somebody who writes', async () => {
    const { room, person } = enter();
    await person.keyboard('c');
    const field = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Message' });
    await person.click(field);
    act(() => room.change({ recordings: [recording()] }));
    await person.keyboard('halo');
    expect(field.value).toBe('halo');
    expect(notice()).toBeTruthy();
  });
});

describe('moderators', () => {
  it('record tracks after a question, and stop after another', async () => {
    const { room, person } = enter();
    const start = vi.spyOn(room.moderation, 'startRecording');
    const stop = vi.spyOn(room.moderation, 'stopRecording');
    await fromMenu(person, 'Record…');
    const ask = await screen.findByRole('dialog', { name: 'Record this call' });
    expect(start).not.toHaveBeenCalled();
    await person.click(within(ask).getByRole('button', { name: 'Start recording' }));
    expect(start).toHaveBeenCalledExactlyOnceWith({ kind: 'tracks' });
    await waitFor(() => expect(badge()).toBeTruthy());

    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await fromMenu(person, 'Stop recording…');
    const sure = await screen.findByRole('dialog', { name: 'Stop the recording?' });
    expect(stop).not.toHaveBeenCalled();
    await person.click(within(sure).getByRole('button', { name: 'Stop recording' }));
    expect(stop).toHaveBeenCalledExactlyOnceWith('rec_0');
    await waitFor(() => expect(badge()).toBeNull());
  });

  it('cancel one that has not begun', async () => {
    const { room, person } = enter({ recordings: [pending] });
    const stop = vi.spyOn(room.moderation, 'stopRecording');
    await person.keyboard('e');
    const sure = await screen.findByRole('dialog', { name: 'Cancel the recording?' });
    await person.click(within(sure).getByRole('button', { name: 'Do not record' }));
    expect(stop).toHaveBeenCalledExactlyOnceWith('rec_1');
  });

  it('record one video with the layout and at the time that they choose', async () => {
    const { room, person } = enter();
    const start = vi.spyOn(room.moderation, 'startRecording');
    await person.keyboard('e');
    await person.click(await screen.findByRole('radio', { name: /One video/ }));
    await person.click(screen.getByRole('radio', { name: 'Side by side' }));
    await person.click(screen.getByRole('radio', { name: /^1080p/ }));
    await person.click(screen.getByRole('switch', { name: 'Names on the picture' }));
    await person.click(screen.getByRole('radio', { name: /During the call/ }));
    await person.click(screen.getByRole('button', { name: 'Start recording' }));
    expect(start).toHaveBeenCalledExactlyOnceWith({
      kind: 'composite',
      layout: 'side_by_side',
      compose: 'live',
      height: 1080,
      hasNames: false,
    });
  });

  it('find the key in the list of keys', async () => {
    const { person } = enter();
    await person.keyboard('?');
    const list = await screen.findByRole('dialog', { name: 'Keyboard shortcuts' });
    expect(within(list).getByText('Record, or stop recording')).toBeTruthy();
  });

  it('are the only ones to whom it is offered', async () => {
    const { person } = enter({ participants: GUESTS });
    await person.keyboard('e');
    const toolbar = within(screen.getByRole('toolbar'));
    await person.click(toolbar.getByRole('button', { name: 'More' }));
    await screen.findByRole('menuitem', { name: 'Settings' });
    expect(screen.queryByRole('menuitem', { name: 'Record…' })).toBeNull();
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it.each([
    ['not_granted', /Your invitation does not include recording/],
    ['not_moderator', /Only moderators can record/],
    ['internal', /The server did not take the request/],
  ] as const)('are told why with %s', async (code, words) => {
    const { room, person } = enter();
    vi.spyOn(room.moderation, 'startRecording').mockRejectedValue(new RequestError(code, 'no'));
    await person.keyboard('e');
    await person.click(await screen.findByRole('button', { name: 'Start recording' }));
    expect(await screen.findByText(words)).toBeTruthy();
  });
});

describe('a live stream', () => {
  const place = (changes: Partial<StreamView> = {}): StreamView => ({
    id: 'str_1',
    name: 'YouTube',
    state: 'live',
    bitrateBps: 2_940_000,
    ...changes,
  });
  const other = place({ id: 'str_2', name: 'Klinik', state: 'connecting' });
  const stream = (streams: readonly StreamView[]) =>
    recording({ kind: 'stream', startedById: 'par_000', streams });

  it('starts where the moderator says, and the key is nowhere afterwards', async () => {
    const { room, person } = enter();
    const start = vi.spyOn(room.moderation, 'startRecording');
    await fromMenu(person, 'Go live…');
    const ask = await screen.findByRole('dialog', { name: 'Go live' });
    const key = within(ask).getByRole<HTMLInputElement>('textbox', { name: 'Stream key' });
    expect(key.autocomplete).toBe('off');
    expect(key.type).toBe('text');
    await person.type(key, 'rahasia-1234');
    await person.click(within(ask).getByRole('button', { name: '+ Add another place' }));
    const second = within(screen.getByRole('group', { name: 'Place 2' }));
    await person.selectOptions(second.getByRole('combobox', { name: 'Where to' }), 'other');
    await person.click(within(ask).getByRole('button', { name: 'Go live' }));
    expect(start).not.toHaveBeenCalled();
    expect(await screen.findByText(/Enter an address like/)).toBeTruthy();
    expect(screen.getByText('Enter the stream key.')).toBeTruthy();
    await person.type(second.getByRole('textbox', { name: 'Address' }), 'rtmp://a.example/live');
    await person.type(second.getByRole('textbox', { name: 'Stream key' }), 'kunci');
    await person.click(within(ask).getByRole('button', { name: 'Go live' }));
    expect(start).toHaveBeenCalledExactlyOnceWith({
      kind: 'stream',
      layout: 'grid',
      targets: [
        { preset: 'youtube', key: 'rahasia-1234' },
        { url: 'rtmp://a.example/live', key: 'kunci' },
      ],
    });
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(document.body.innerHTML + JSON.stringify({ ...localStorage })).not.toContain('rahasia');
  });

  it('keeps what was entered when the server refuses it', async () => {
    const { room, person } = enter();
    vi.spyOn(room.moderation, 'startRecording').mockRejectedValue(
      new RequestError('not_granted', 'no'),
    );
    await fromMenu(person, 'Go live…');
    await person.type(await screen.findByRole('textbox', { name: 'Stream key' }), 'kunci');
    await person.click(screen.getByRole('button', { name: 'Go live' }));
    expect(await screen.findByText(/Your invitation does not include recording/)).toBeTruthy();
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Stream key' }).value).toBe(
      'kunci',
    );
  });

  it('is seen by everybody, and says whether viewers see it', () => {
    const { room } = enter({ participants: GUESTS, recordings: [stream([place()])] });
    expect(badge()?.textContent).toMatch(/^LIVE/);
    act(() => room.change({ recordings: [stream([place({ state: 'reconnecting' })])] }));
    expect(
      screen.getByRole('button', { name: /live stream of this call is interrupted/ }),
    ).toBeTruthy();
  });

  it('tells of each place how it is, and takes one out', async () => {
    const refused = place({ id: 'str_3', name: 'Toko', state: 'refused', failure: 'key_refused' });
    const { room, person } = enter({ recordings: [stream([place(), other, refused])] });
    const send = vi.spyOn(room.moderation, 'setStreamTargets');
    await person.click(badge() as HTMLElement);
    const panel = within(await screen.findByRole('dialog', { name: /Recording and live/ }));
    expect(panel.getByText('2.9 Mbit/s')).toBeTruthy();
    expect(panel.getByText('Is being connected…')).toBeTruthy();
    expect(panel.getByText(/The stream key is refused/)).toBeTruthy();
    await person.click(panel.getByRole('button', { name: 'Stop the stream to Toko' }));
    expect(send).toHaveBeenCalledExactlyOnceWith('rec_1', [{ id: 'str_1' }, { id: 'str_2' }]);
  });

  it('gets more places while it runs, beside those that it has', async () => {
    const { room, person } = enter({ recordings: [stream([place()])] });
    const send = vi.spyOn(room.moderation, 'setStreamTargets');
    await person.click(badge() as HTMLElement);
    await person.click(await screen.findByRole('button', { name: 'Add another place' }));
    await person.type(await screen.findByRole('textbox', { name: 'Stream key' }), 'kunci');
    await person.click(screen.getByRole('button', { name: 'Add' }));
    expect(send).toHaveBeenCalledExactlyOnceWith('rec_1', [
      { id: 'str_1' },
      { preset: 'youtube', key: 'kunci' },
    ]);
  });

  it('gives everybody the link of the viewers, and nobody else its end', async () => {
    const shown = place({ viewerUrl: 'https://youtu.be/abc', failure: 'connection_lost' });
    const { person } = enter({
      participants: GUESTS,
      recordings: [stream([shown, other])],
    });
    await person.click(badge() as HTMLElement);
    const panel = within(await screen.findByRole('dialog'));
    await person.click(panel.getByRole('button', { name: /Copy link for viewers of YouTube/ }));
    expect(await navigator.clipboard.readText()).toBe('https://youtu.be/abc');
    expect(panel.queryByRole('button', { name: /Stop|End/ })).toBeNull();
  });

  it('tells moderators when a place breaks and comes back', () => {
    const { room } = enter({ recordings: [stream([place()])] });
    act(() =>
      room.change({
        recordings: [stream([place({ state: 'reconnecting', failure: 'connection_lost' })])],
      }),
    );
    expect(screen.getByText('The stream to YouTube was interrupted')).toBeTruthy();
    act(() => room.change({ recordings: [stream([place()])] }));
    expect(readOut('The stream to YouTube is live again')).toBe(true);
  });

  it('tells everybody when it can be seen', () => {
    const { room } = enter({ participants: GUESTS, recordings: [stream([other])] });
    act(() => room.change({ recordings: [stream([{ ...other, state: 'live' }])] }));
    expect(readOut('The call is live on Klinik')).toBe(true);
  });
});

describe('a recording that waits', () => {
  it('says which place it has, and until when', () => {
    const expectedAtMs = new Date('2026-11-22T10:42:00').getTime();
    enter({ recordings: [{ ...pending, queue: { place: 2, expectedAtMs } }] });
    expect(readOut(/free recorder, place 2. It begins at about 10:42/)).toBe(true);
  });
});

describe('a failure', () => {
  const failed = recording({ state: 'failed', startedAtMs: null });

  it.each([
    ['call_ended', /call ended before/],
    ['nothing_recorded', /Nobody had a microphone/],
    ['cancelled', /was cancelled/],
    ['call_refused', /not let into/],
    ['no_capacity', /No recorder was free/],
    ['recorder_lost', /broke off/],
    ['disk_full', /no space left/],
    ['storage_refused', /storage refused/],
    ['storage_unreachable', /storage could not be reached/],
    ['internal', /had a fault/],
    ['of_a_newer_server' as RecordingFailure, /had a fault/],
  ] as const)('has words for moderators: %s', (failure, words) => {
    const { room } = enter();
    act(() => room.emit('recordingFailed', { recording: failed, failure }));
    expect(screen.getByText('The recording did not start')).toBeTruthy();
    expect(screen.getAllByText(words).length).toBeGreaterThan(0);
  });

  it('in the middle is told to everybody, without the reason', () => {
    const { room } = enter({ participants: GUESTS, recordings: [recording()] });
    act(() => {
      room.change({ recordings: [] });
      room.emit('recordingFailed', {
        recording: recording({ state: 'failed' }),
        failure: 'disk_full',
      });
    });
    expect(readOut('The recording ended too early')).toBe(true);
    expect(screen.queryByText(/no space left/)).toBeNull();
  });

  it('of a recording that nobody saw is for moderators alone', () => {
    const { room } = enter({ participants: GUESTS });
    act(() => room.emit('recordingFailed', { recording: failed, failure: 'no_capacity' }));
    expect(screen.queryByText('The recording did not start')).toBeNull();
  });
});
