import type { Devices, Room } from '@jumpa/sdk';

/** What the screens need of a room: the whole face of the SDK's `Room`, without its inside. */
export type CallRoom = Pick<Room, keyof Room>;

/** What the screens need of the list of devices. */
export type DeviceList = Pick<Devices, keyof Devices>;
