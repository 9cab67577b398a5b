import type { JoinErrorCode, LocalMediaState, MediaErrorCode } from '@jumpa/sdk';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { NO_BRANDING } from '../branding/brandLook';
import { FakeRoom } from '../gallery/FakeRoom';
import { MEDIA_ON, mediaWithError, roomState } from '../gallery/roomState';
import { renderInRoom } from '../testing/renderInRoom';
import { PrejoinScreen } from './PrejoinScreen';

interface Options {
  media?: LocalMediaState;
  sourceError?: MediaErrorCode;
  error?: JoinErrorCode;
  allowsGuests?: boolean;
  tokenName?: string;
}

function show(options: Options = {}) {
  const onJoin = vi.fn();
  const room = new FakeRoom(
    roomState({ phase: 'idle', participants: [] }),
    options.media ?? MEDIA_ON,
    { sourceError: options.sourceError },
  );
  renderInRoom(
    room,
    <PrejoinScreen
      app={{
        id: 'klinik-sehat-k3x9q',
        name: 'Klinik Sehat',
        allowsGuests: options.allowsGuests ?? true,
        branding: NO_BRANDING,
      }}
      roomName="ruang-1"
      hasToken={options.tokenName !== undefined}
      tokenName={options.tokenName ?? null}
      error={options.error ?? null}
      isJoining={false}
      onJoin={onJoin}
      onCancel={() => undefined}
    />,
  );
  return { onJoin, person: userEvent.setup({ delay: null }) };
}

const joinButton = () => screen.queryByRole('button', { name: 'Join the call' });

beforeEach(() => localStorage.clear());

describe('the name', () => {
  it('is asked for before joining', async () => {
    const { onJoin, person } = show();
    await person.click(joinButton() as HTMLElement);
    expect(screen.getByText('Type your name first')).toBeTruthy();
    expect(onJoin).not.toHaveBeenCalled();
  });

  it('is handed on without spaces around it', async () => {
    const { onJoin, person } = show();
    await person.type(screen.getByRole('textbox', { name: 'Your name' }), ' Siti {Enter}');
    expect(onJoin).toHaveBeenCalledWith({ name: 'Siti', password: '' });
  });

  it('of the last call stands there already', () => {
    localStorage.setItem('jumpa.preferences', JSON.stringify({ name: 'Budi' }));
    show();
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Your name' }).value).toBe('Budi');
  });

  it('of an invitation cannot be changed', () => {
    show({ tokenName: 'dr. Ayu' });
    const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'Your name' });
    expect(field.value).toBe('dr. Ayu');
    expect(field.readOnly).toBe(true);
  });
});

describe('the connection', () => {
  const screenOf = (isJoining: boolean) => (
    <PrejoinScreen
      app={{
        id: 'klinik-sehat-k3x9q',
        name: 'Klinik Sehat',
        allowsGuests: true,
        branding: NO_BRANDING,
      }}
      roomName="ruang-1"
      hasToken={false}
      tokenName={null}
      error={null}
      isJoining={isJoining}
      onJoin={() => undefined}
      onCancel={() => undefined}
    />
  );

  it('is made ahead, and anew after a join that came to nothing', async () => {
    const room = new FakeRoom(roomState({ phase: 'idle', participants: [] }), MEDIA_ON);
    const prepare = vi.spyOn(room, 'prepare');
    const first = renderInRoom(room, screenOf(false));
    await vi.waitFor(() => expect(prepare).toHaveBeenCalledTimes(1), 5_000);
    first.unmount();
    renderInRoom(room, screenOf(true)).unmount();
    expect(prepare).toHaveBeenCalledTimes(1);
    renderInRoom(room, screenOf(false));
    await vi.waitFor(() => expect(prepare).toHaveBeenCalledTimes(2), 5_000);
  });
});

describe('a refusal', () => {
  it('for the password asks for it and hands it on', async () => {
    const { onJoin, person } = show({ error: 'password_required' });
    await person.type(screen.getByRole('textbox', { name: 'Your name' }), 'Siti');
    await person.type(screen.getByLabelText('Room password'), 'rahasia{Enter}');
    expect(onJoin).toHaveBeenCalledWith({ name: 'Siti', password: 'rahasia' });
  });

  it.each([
    ['password_wrong', 'The password is wrong', true],
    ['room_full', 'The room is full', true],
    ['server_unreachable', 'The server cannot be reached', true],
    ['token_expired', 'This invitation has expired', false],
    ['banned', 'You were removed from this call', false],
  ] as const)('%s says "%s"; joining again makes sense: %s', (error, title, canJoin) => {
    show({ error });
    expect(screen.getByRole('alert').textContent).toContain(title);
    expect(joinButton() !== null).toBe(canJoin);
  });

  it('that this page does not know shows its code', () => {
    show({ error: 'offer_invalid' });
    expect(screen.getByRole('alert').textContent).toContain('Code: offer_invalid');
  });

  it('of guests comes before they try', () => {
    show({ allowsGuests: false });
    expect(screen.getByRole('alert').textContent).toContain('You need an invitation');
    expect(joinButton()).toBeNull();
  });
});

describe('a source that does not start', () => {
  it.each([
    ['permission_denied', 'Your browser blocks camera and microphone'],
    ['permission_dismissed', 'The question about camera and microphone was closed'],
    ['device_missing', 'No camera and no microphone found'],
    ['device_busy', 'Camera and microphone are used by another program'],
  ] as const)('for %s says "%s" and still lets one join', (error, title) => {
    show({ media: mediaWithError(error), sourceError: error });
    expect(screen.getByText(title)).toBeTruthy();
    expect(joinButton()).not.toBeNull();
  });

  it('for one cause of both is told once', () => {
    show({ media: mediaWithError('permission_denied'), sourceError: 'permission_denied' });
    expect(screen.getByText('Your browser blocks camera and microphone')).toBeTruthy();
    expect(screen.getAllByRole('button', { name: 'Try again' })).toHaveLength(1);
  });

  it('for causes of its own is told each', () => {
    localStorage.setItem(
      'jumpa.preferences',
      JSON.stringify({ isMicrophoneWanted: false, isCameraWanted: false }),
    );
    const media = mediaWithError('device_missing');
    show({ media: { ...media, camera: { ...media.camera, error: 'device_busy' } } });
    expect(screen.getAllByRole('button', { name: 'Try again' })).toHaveLength(2);
  });
});
