import type { RecordingView, RoomState } from '@jumpa/sdk';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CallScreen } from '../call/CallScreen';
import { FakeRoom } from '../gallery/FakeRoom';
import { MEDIA_ON, roomState } from '../gallery/roomState';
import { renderInRoom } from '../testing/renderInRoom';

const required: RecordingView = {
  id: 'rec_1',
  kind: 'tracks',
  state: 'active',
  startedAtMs: Date.now() - 20_000,
  isSoundOnly: false,
  isRequired: true,
  streams: [],
};
const waiting: RecordingView = { ...required, id: 'rec_2', state: 'queued', startedAtMs: null };

function enter(changes: Partial<RoomState>) {
  const room = new FakeRoom(roomState(changes), MEDIA_ON);
  renderInRoom(room, <CallScreen />);
  return { room, person: userEvent.setup({ delay: null }) };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a call that must be recorded', () => {
  it('asks who does not agree before they leave for it, and takes the answer with them', async () => {
    const { room, person } = enter({ recordings: [required] });
    const consent = vi.spyOn(room, 'consentToRecording');
    const leave = vi.spyOn(room, 'leave');
    await person.click(screen.getByRole('button', { name: 'I do not agree' }));
    const notice = screen.getByRole('region', { name: /no call here without a recording/ });
    expect(consent).not.toHaveBeenCalled();
    await person.click(within(notice).getByRole('button', { name: 'Leave call' }));
    expect(consent).toHaveBeenCalledExactlyOnceWith('rec_1', false);
    await waitFor(() => expect(leave).toHaveBeenCalled());
  });

  it('lets people think again', async () => {
    const { room, person } = enter({ recordings: [required] });
    const consent = vi.spyOn(room, 'consentToRecording');
    const leave = vi.spyOn(room, 'leave');
    await person.click(screen.getByRole('button', { name: 'I do not agree' }));
    await person.click(screen.getByRole('button', { name: 'I agree' }));
    expect(consent).toHaveBeenCalledExactlyOnceWith('rec_1', true);
    expect(leave).not.toHaveBeenCalled();
    expect(screen.queryByRole('region', { name: /without a recording/ })).toBeNull();
  });

  it('offers nobody to stop the only recording, and says why', async () => {
    const { room, person } = enter({ recordings: [required] });
    await person.keyboard('e');
    const dialog = await screen.findByRole('dialog', { name: 'Recording and live stream' });
    expect(within(dialog).queryByRole('button', { name: 'Stop recording…' })).toBeNull();
    expect(within(dialog).getByText('Calls in this room are always recorded.')).toBeTruthy();
    act(() =>
      room.change({ recordings: [required, { ...required, id: 'rec_3', kind: 'composite' }] }),
    );
    expect(within(dialog).getAllByRole('button', { name: 'Stop recording…' })).toHaveLength(2);
  });

  it('counts down when its recording breaks off, until another one runs', () => {
    const { room } = enter({ recordings: [required] });
    const deadline = Date.now() + 59_500;
    act(() => room.change({ recordings: [waiting], recordingDeadlineMs: deadline }));
    expect(screen.getByText(/The recording broke off/, { selector: 'p' }).textContent).toMatch(
      /the call ends in 0:5\d\./,
    );
    act(() =>
      room.change({ recordings: [{ ...required, id: 'rec_2' }], recordingDeadlineMs: null }),
    );
    expect(screen.queryByText(/The recording broke off/, { selector: 'p' })).toBeNull();
  });

  it('raises no alarm while the first recording begins, and tells when it takes long', () => {
    const { room } = enter({ recordings: [waiting], recordingDeadlineMs: Date.now() + 59_000 });
    expect(screen.queryByText(/The recording has not begun yet/)).toBeNull();
    act(() => room.change({ recordingDeadlineMs: Date.now() + 30_000 }));
    expect(
      screen.getByText(/The recording has not begun yet/, { selector: 'p' }).textContent,
    ).toMatch(/in 0:(30|29)/);
  });
});

describe('a recording whose recorder is nearly full', () => {
  it('tells moderators once that only sound is kept, and stands in the overview', async () => {
    const { room, person } = enter({ recordings: [{ ...required, startedById: 'par_000' }] });
    const full = { ...required, startedById: 'par_000', isSoundOnly: true };
    act(() => room.change({ recordings: [full] }));
    expect(screen.getAllByText(/^Only sound is recorded/).length).toBeGreaterThan(0);
    await person.keyboard('e');
    const dialog = await screen.findByRole('dialog', { name: 'Recording and live stream' });
    expect(within(dialog).getByText(/^Only sound is recorded/)).toBeTruthy();
  });
});
