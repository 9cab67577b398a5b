import type { ChatEntry } from '@jumpa/sdk';

/** Longest message, characters (Unicode scalar values), as the server counts them. */
export const MAX_CHAT_CHARS = 4_000;

/** Messages of one sender closer together than this stand under one name, milliseconds. */
const GROUP_WINDOW_MS = 3 * 60_000;

/** Messages of one sender to the same readers, in a row. */
export interface ChatGroup {
  /** The id of its first message. */
  readonly id: string;
  readonly from: string;
  readonly fromName: string;
  readonly to: string | undefined;
  readonly isOwn: boolean;
  readonly atMs: number;
  /** Whether the line "new messages" stands above it. */
  readonly isFirstUnread: boolean;
  readonly entries: readonly ChatEntry[];
}

/**
 * Groups messages for display. A group ends with another sender, other readers, a pause, or where
 * unread messages begin (`lastReadId` is the last that was read; `null`: none was).
 */
export function groupChat(
  chat: readonly ChatEntry[],
  lastReadId: string | null,
  hasUnreadLine: boolean,
): readonly ChatGroup[] {
  const groups: ChatGroup[] = [];
  let isLinePlaced = !hasUnreadLine;
  for (const entry of chat) {
    const last = groups.at(-1);
    const isFirstUnread = !isLinePlaced && !entry.isOwn && isAfter(entry.id, lastReadId);
    if (isFirstUnread) isLinePlaced = true;
    if (last && !isFirstUnread && belongsTo(entry, last)) {
      groups[groups.length - 1] = { ...last, entries: [...last.entries, entry] };
      continue;
    }
    groups.push({
      id: entry.id,
      from: entry.from,
      fromName: entry.fromName,
      to: entry.to,
      isOwn: entry.isOwn,
      atMs: entry.atMs,
      isFirstUnread,
      entries: [entry],
    });
  }
  return groups;
}

/** How many messages of others came after the last that was read. */
export function unreadCount(chat: readonly ChatEntry[], lastReadId: string | null): number {
  return chat.filter((entry) => !entry.isOwn && isAfter(entry.id, lastReadId)).length;
}

/** How many characters are left; negative when there are too many. */
export function charactersLeft(text: string): number {
  return MAX_CHAT_CHARS - [...text.trim()].length;
}

/** A piece of a message: text, or a link that is safe to open. */
export type ChatPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

const LINK = /https?:\/\/[^\s<>"'`]+/giu;

/** Finds `http` and `https` addresses; punctuation behind them stays text. */
export function chatPieces(text: string): readonly ChatPiece[] {
  const pieces: ChatPiece[] = [];
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    const address = withoutTail(match[0]);
    if (!URL.canParse(address)) continue;
    if (match.index > at) pieces.push({ kind: 'text', text: text.slice(at, match.index) });
    pieces.push({ kind: 'link', text: address, href: new URL(address).href });
    at = match.index + address.length;
  }
  if (at < text.length) pieces.push({ kind: 'text', text: text.slice(at) });
  return pieces;
}

function withoutTail(address: string): string {
  const trimmed = address.replace(/[.,;:!?…]+$/u, '');
  const opens = trimmed.split('(').length;
  const closes = trimmed.split(')').length;
  return closes > opens ? trimmed.replace(/\)+$/u, '') : trimmed;
}

function belongsTo(entry: ChatEntry, group: ChatGroup): boolean {
  const lastAt = group.entries.at(-1)?.atMs ?? group.atMs;
  return (
    entry.from === group.from && entry.to === group.to && entry.atMs - lastAt < GROUP_WINDOW_MS
  );
}

/** Ids of messages grow with time, so they compare as text. */
function isAfter(id: string, other: string | null): boolean {
  return other === null || id > other;
}
