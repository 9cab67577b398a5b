import { type RecordingFailure, type RecordingView, RequestError } from '@jumpa/sdk';
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
  ...changes,
});
const pending = recording({ state: 'queued', startedAtMs: null });

function enter(changes: Parameters<typeof roomState>[0] = {}) {
  const room = new FakeRoom(roomState(changes), MEDIA_ON);
  renderInRoom(room, <CallScreen />);
  return { room, person: userEvent.setup({ delay: null }) };
}

const badge = () => screen.queryByRole('timer', { name: /recorded|recordings/ });
const notice = () => screen.queryByRole('region', { name: /is recording this call/ });
const readOut = (text: string) =>
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
    expect(badge()?.textContent).toBe('REC3:21');
    expect(badge()?.getAttribute('aria-label')).toBe(
      'This call is recorded, for 3 minutes, 21 seconds now',
    );
  });

  it('counts several recordings, from the oldest on', () => {
    const sound = recording({ id: 'rec_2', kind: 'audio_only', startedAtMs: Date.now() - 4_000 });
    enter({ recordings: [recording(), sound] });
    expect(badge()?.textContent).toBe('REC× 23:21');
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
    expect(consent).toHaveBeenCalledExactlyOnceWith('rec_1');
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
    expect(consent.mock.calls).toEqual([['rec_1'], ['rec_2']]);
  });

  it('can be refused by leaving', async () => {
    const { room, person } = enter({ recordings: [recording()] });
    const leave = vi.spyOn(room, 'leave');
    await person.click(screen.getByRole('button', { name: 'Leave call' }));
    expect(leave).toHaveBeenCalled();
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
    const ask = await screen.findByRole('dialog', { name: 'Record this call?' });
    expect(start).not.toHaveBeenCalled();
    await person.click(within(ask).getByRole('button', { name: 'Start recording' }));
    expect(start).toHaveBeenCalledExactlyOnceWith('tracks');
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
