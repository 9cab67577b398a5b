import type { RecordingView } from '@jumpa/sdk';
import { act, renderHook } from '@testing-library/react';
import { expect, it } from 'vitest';
import { FakeRoom } from '../gallery/FakeRoom';
import { MEDIA_ON, roomState } from '../gallery/roomState';
import { useCallFlow } from './useCallFlow';

const ADDRESS = { appId: 'klinik-sehat-k3x9q', room: 'ruang-1', token: undefined };

function leaveAfter(...states: readonly RecordingView['state'][]) {
  const room = new FakeRoom(roomState({ phase: 'idle' }), MEDIA_ON);
  const { result } = renderHook(() => useCallFlow(ADDRESS, () => room));
  act(() => {
    room.change({ phase: 'connected' });
    for (const state of states) {
      room.change({
        recordings: [
          {
            id: 'rec_1',
            kind: 'tracks',
            state,
            startedAtMs: null,
            isSoundOnly: false,
            isRequired: false,
            streams: [],
          },
        ],
      });
    }
    room.change({ phase: 'left', recordings: [] });
    room.emit('left', { reason: 'left' });
  });
  return result.current.left;
}

it('remembers after the call that it was recorded', () => {
  expect(leaveAfter('starting', 'active')?.wasRecorded).toBe(true);
});

it('does not call a recording that never began a recorded call', () => {
  expect(leaveAfter('queued', 'starting')?.wasRecorded).toBe(false);
});
