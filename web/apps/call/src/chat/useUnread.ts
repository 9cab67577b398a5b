import { useEffect, useState } from 'react';
import { useRoomPart } from '../session/RoomContext';
import { unreadCount } from './chatModel';

/**
 * How many messages were not read: those that came while the chat was closed.
 *
 * Messages from before one joined count as read. `lastReadId` is where the chat was left.
 */
export function useUnread(isChatOpen: boolean): {
  readonly unread: number;
  readonly lastReadId: string | null;
} {
  const chat = useRoomPart((state) => state.chat);
  const newestId = chat.at(-1)?.id ?? '';
  const [lastReadId, setLastReadId] = useState(newestId);
  const [openedAtId, setOpenedAtId] = useState(newestId);

  useEffect(() => {
    if (isChatOpen) setLastReadId(newestId);
    else setOpenedAtId(lastReadId);
  }, [isChatOpen, newestId, lastReadId]);

  return {
    unread: isChatOpen ? 0 : unreadCount(chat, lastReadId),
    lastReadId: openedAtId,
  };
}
