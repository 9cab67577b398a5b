import type { DevicesState, LocalMediaState, ParticipantView, RoomState } from '@jumpa/sdk';
import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react';
import type { CallRoom, DeviceList } from './CallRoom';

interface RoomContextValue {
  readonly room: CallRoom;
  readonly devices: DeviceList;
}

const RoomContext = createContext<RoomContextValue | null>(null);

export interface RoomProviderProps extends RoomContextValue {
  children: ReactNode;
}

/** Gives the tree its room and the devices of this machine. */
export function RoomProvider({ room, devices, children }: RoomProviderProps): ReactNode {
  return <RoomContext value={{ room, devices }}>{children}</RoomContext>;
}

/** The room of this page. */
export function useRoom(): CallRoom {
  return useRoomContext().room;
}

/** The room's state; draws again at each change. */
export function useRoomState(): RoomState {
  const { room } = useRoomContext();
  return useSyncExternalStore(room.subscribe, () => room.state);
}

/** One part of the room's state; draws again only when that part changes. */
export function useRoomPart<Part>(select: (state: RoomState) => Part): Part {
  const { room } = useRoomContext();
  return useSyncExternalStore(room.subscribe, () => select(room.state));
}

/** Oneself in the call; `null` before joining. */
export function useLocalParticipant(): ParticipantView | null {
  return useRoomPart((state) => state.participants.find((person) => person.isLocal) ?? null);
}

/** Microphone, camera and screen of this client. */
export function useLocalMedia(): LocalMediaState {
  const { room } = useRoomContext();
  return useSyncExternalStore(room.local.subscribe, () => room.local.state);
}

/** The devices that can be chosen. */
export function useDevices(): DevicesState {
  const { devices } = useRoomContext();
  return useSyncExternalStore(devices.subscribe, () => devices.state);
}

/** The list of devices itself, to read it again after permission was given. */
export function useDeviceList(): DeviceList {
  return useRoomContext().devices;
}

function useRoomContext(): RoomContextValue {
  const value = useContext(RoomContext);
  if (!value) throw new Error('RoomProvider is missing above this component');
  return value;
}
