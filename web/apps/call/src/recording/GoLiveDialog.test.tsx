import { RequestError, type StoredStreamTarget } from '@jumpa/sdk';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { CallScreen } from '../call/CallScreen';
import { FakeRoom, type FakeRoomOptions } from '../gallery/FakeRoom';
import { MEDIA_ON, roomState } from '../gallery/roomState';
import { renderInRoom } from '../testing/renderInRoom';

const STORED: readonly StoredStreamTarget[] = [
  { id: 'str_1', name: 'Kanal klinik' },
  { id: 'str_2', name: 'Toko Melati' },
];

type Answer = NonNullable<FakeRoomOptions['listStreamTargets']>;

/** Opens the dialog of a new stream, or of one that goes to some places already. */
function open(listStreamTargets: Answer, runningTo: readonly string[] = []) {
  const streams = runningTo.map((id) => ({ id, name: id, state: 'live' }) as const);
  const stream = {
    id: 'rec_1',
    kind: 'stream',
    state: 'active',
    startedAtMs: Date.now(),
    startedById: 'par_000',
    isSoundOnly: false,
    isRequired: false,
    streams,
  } as const;
  const isRunning = streams.length > 0;
  const room = new FakeRoom(roomState({ recordings: isRunning ? [stream] : [] }), MEDIA_ON, {
    listStreamTargets,
  });
  const dialog = { name: 'go_live', ...(isRunning && { recordingId: stream.id }) } as const;
  renderInRoom(room, <CallScreen initialUi={{ dialog }} />);
  return {
    person: userEvent.setup({ delay: null }),
    start: vi.spyOn(room.moderation, 'startRecording'),
    sendTo: vi.spyOn(room.moderation, 'setStreamTargets'),
  };
}

const place = (name: string) => screen.findByRole<HTMLInputElement>('checkbox', { name });
const goLive = () => screen.getByRole('button', { name: 'Go live' });
const keys = () => screen.queryAllByRole('textbox', { name: 'Stream key' });

describe('where to go live', () => {
  it('is chosen from what the app has stored, several at once, without a key', async () => {
    const { person, start } = open(async () => STORED);
    const first = await place('Kanal klinik');
    await waitFor(() => expect(document.activeElement).toBe(first));
    expect(keys()).toHaveLength(0);
    await person.keyboard(' ');
    await person.tab();
    await person.keyboard(' ');
    await person.click(goLive());
    expect(start).toHaveBeenCalledExactlyOnceWith({
      kind: 'stream',
      layout: 'grid',
      targets: [{ id: 'str_1' }, { id: 'str_2' }],
    });
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('is a new place beside those that are stored, which can be taken back', async () => {
    const { person, start } = open(async () => STORED);
    await person.click(await place('Toko Melati'));
    const add = screen.getByRole('button', { name: '+ Add another place' });
    await person.click(add);
    await person.click(add);
    await person.click(screen.getByRole('button', { name: 'Remove new place 2' }));
    const entered = within(screen.getByRole('group', { name: 'New place 1' }));
    await person.type(entered.getByRole('textbox', { name: 'Stream key' }), 'kunci');
    await person.click(goLive());
    expect(start.mock.lastCall?.[0].targets).toEqual([
      { id: 'str_2' },
      { preset: 'youtube', key: 'kunci' },
    ]);
  });

  it('must be said, and what is missing is read out', async () => {
    const { person, start } = open(async () => STORED);
    const first = await place('Kanal klinik');
    await person.click(goLive());
    expect(screen.getByRole('alert').textContent).toBe('Choose a place, or add one.');
    await waitFor(() => expect(document.activeElement).toBe(first));
    expect(start).not.toHaveBeenCalled();
    await person.click(first);
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('is at most eight places', async () => {
    const nine = Array.from({ length: 9 }, (_, id) => ({ id: `str_${id}`, name: `Kanal ${id}` }));
    const { person } = open(async () => nine);
    await place('Kanal 0');
    for (const box of screen.getAllByRole('checkbox').slice(0, 7)) await person.click(box);
    await person.click(screen.getByRole('button', { name: '+ Add another place' }));
    expect((await place('Kanal 8')).disabled).toBe(true);
    expect(screen.queryByRole('button', { name: '+ Add another place' })).toBeNull();
    await person.click(await place('Kanal 0'));
    expect((await place('Kanal 8')).disabled).toBe(false);
  });

  it('does not offer again where the stream goes already', async () => {
    const { person, sendTo } = open(async () => STORED, ['str_1']);
    await person.click(await place('Toko Melati'));
    expect(screen.queryByRole('checkbox', { name: 'Kanal klinik' })).toBeNull();
    await person.click(screen.getByRole('button', { name: 'Add' }));
    expect(sendTo).toHaveBeenCalledExactlyOnceWith('rec_1', [{ id: 'str_1' }, { id: 'str_2' }]);
  });

  it('is entered where nothing is stored, and the dialog says how that changes', async () => {
    open(async () => []);
    expect(await screen.findByText(/can save places in the dashboard/)).toBeTruthy();
    expect(screen.queryByRole('checkbox')).toBeNull();
    await waitFor(() => expect(keys()).toEqual([document.activeElement]));
  });

  it('can be entered while the list is on its way, and nobody is taken out of a field', async () => {
    let answer: (targets: readonly StoredStreamTarget[]) => void = () => undefined;
    const { person } = open(() => new Promise((resolve) => (answer = resolve)));
    expect(await screen.findByText('Saved places are being loaded…')).toBeTruthy();
    await person.click(screen.getByRole('button', { name: '+ Add another place' }));
    await person.type(screen.getByRole('textbox', { name: 'Stream key' }), 'kun');
    answer(STORED);
    await place('Kanal klinik');
    await person.keyboard('ci');
    expect((keys()[0] as HTMLInputElement).value).toBe('kunci');
  });

  it('can be entered when the list does not come, and is asked for again', async () => {
    const list = vi.fn<Answer>().mockRejectedValueOnce(new RequestError('disconnected', 'lost'));
    list.mockResolvedValue(STORED);
    const { person } = open(list);
    expect(await screen.findByText('The saved places could not be loaded')).toBeTruthy();
    expect(keys()).toHaveLength(1);
    await person.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await place('Kanal klinik')).toBeTruthy();
    expect(keys()).toHaveLength(0);
  });

  it('is not asked of moderators who may not stream', async () => {
    open(() => Promise.reject(new RequestError('not_granted', 'no')));
    expect(await screen.findByText('Your invitation does not include live streams')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Go live' })).toBeNull();
  });

  it('is asked for anew when a place is gone meanwhile', async () => {
    const list = vi.fn<Answer>().mockResolvedValueOnce(STORED).mockResolvedValue(STORED.slice(1));
    const { person, start } = open(list);
    start.mockRejectedValueOnce(new RequestError('stream_target_unknown', 'gone'));
    await person.click(await place('Kanal klinik'));
    await person.click(goLive());
    expect(await screen.findByText(/not saved any more/)).toBeTruthy();
    await waitFor(() =>
      expect(screen.queryByRole('checkbox', { name: 'Kanal klinik' })).toBeNull(),
    );
    await person.click(await place('Toko Melati'));
    await person.click(goLive());
    expect(start.mock.lastCall?.[0].targets).toEqual([{ id: 'str_2' }]);
  });
});
