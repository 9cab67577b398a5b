import type { ChatEntry } from '@jumpa/sdk';
import { describe, expect, it } from 'vitest';
import { charactersLeft, chatPieces, groupChat, MAX_CHAT_CHARS, unreadCount } from './chatModel';

function entry(id: string, from: string, changes: Partial<ChatEntry> = {}): ChatEntry {
  return {
    id,
    from,
    fromName: from,
    text: id,
    atMs: Number(id) * 1_000,
    isOwn: from === 'me',
    ...changes,
  };
}

describe('groupChat', () => {
  const shapes = (chat: ChatEntry[]) =>
    groupChat(chat, null, false).map((group) => group.entries.map((one) => one.id));

  it('joins messages of one sender', () => {
    expect(shapes([entry('1', 'a'), entry('2', 'a'), entry('3', 'b')])).toEqual([
      ['1', '2'],
      ['3'],
    ]);
  });

  it('a pause begins a new group', () => {
    expect(shapes([entry('1', 'a'), entry('2', 'a', { atMs: 600_000 })])).toEqual([['1'], ['2']]);
  });

  it('private messages never stand with public ones', () => {
    expect(shapes([entry('1', 'a'), entry('2', 'a', { to: 'me' })])).toEqual([['1'], ['2']]);
  });

  it('the line stands once, above the first unread message of others', () => {
    const chat = [entry('1', 'a'), entry('2', 'me'), entry('3', 'a'), entry('4', 'b')];
    const groups = groupChat(chat, '1', true);
    expect(groups.filter((group) => group.isFirstUnread).map((group) => group.id)).toEqual(['3']);
  });
});

describe('unreadCount', () => {
  const chat = [entry('1', 'a'), entry('2', 'me'), entry('3', 'b'), entry('4', 'a')];

  it('counts messages of others after the last read', () => {
    expect(unreadCount(chat, '1')).toBe(2);
  });

  it('counts all of others when nothing was read, none when all was', () => {
    expect(unreadCount(chat, null)).toBe(3);
    expect(unreadCount(chat, '4')).toBe(0);
  });
});

describe('chatPieces', () => {
  it.each([
    ['plain text', ['plain text']],
    ['see https://example.com/a?b=1.', ['see ', '<https://example.com/a?b=1>', '.']],
    ['(https://example.com/x)', ['(', '<https://example.com/x>', ')']],
    ['https://example.com/w_(x)', ['<https://example.com/w_(x)>']],
    ['javascript:alert(1)', ['javascript:alert(1)']],
    ['data:text/html,x ftp://a.example', ['data:text/html,x ftp://a.example']],
    ['https://', ['https://']],
  ])('%j', (text, expected) => {
    const found = chatPieces(text).map((piece) =>
      piece.kind === 'link' ? `<${piece.text}>` : piece.text,
    );
    expect(found).toEqual(expected);
  });

  it('no character is lost', () => {
    const text = 'a https://one.example, b\nhttp://two.example! 🙂';
    expect(
      chatPieces(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });
});

it('characters are counted as people and server count them', () => {
  expect(charactersLeft('🙂'.repeat(MAX_CHAT_CHARS))).toBe(0);
  expect(charactersLeft('a'.repeat(MAX_CHAT_CHARS + 1))).toBe(-1);
});
