import type { ChatEntry } from '@jumpa/sdk';
import { Avatar } from '@jumpa/ui';
import { type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SidePanel } from '../call/SidePanel';
import { IconArrowDown, IconLock, IconMessage } from '../icons';
import { useRoomPart } from '../session/RoomContext';
import styles from './ChatPanel.module.css';
import { Composer } from './Composer';
import { type ChatGroup, chatPieces, groupChat, unreadCount } from './chatModel';

/** Nearer to the end than this counts as reading the newest messages, CSS pixels. */
const AT_END_PX = 48;

export interface ChatPanelProps {
  /** The last message that was read before the panel opened. */
  lastReadId: string | null;
}

/** The chat of the call. */
export function ChatPanel({ lastReadId }: ChatPanelProps): ReactNode {
  const { t } = useTranslation();
  const chat = useRoomPart((state) => state.chat);
  // The line stays where it was when the panel opened.
  const [openedAtId] = useState(lastReadId);
  const groups = useMemo(
    () => groupChat(chat, openedAtId, openedAtId !== null && unreadCount(chat, openedAtId) > 0),
    [chat, openedAtId],
  );
  const { ref, isAtEnd, handleScroll, scrollToEnd } = useStickToEnd(chat);

  return (
    <SidePanel title={t('chat.title')}>
      <div className={styles.scroller}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keyboard */}
        <div className={styles.list} ref={ref} onScroll={handleScroll} tabIndex={0} role="log">
          {groups.length === 0 && <EmptyChat />}
          {groups.map((group) => (
            <Group key={group.id} group={group} />
          ))}
        </div>
        {!isAtEnd && (
          <button type="button" className={styles.down} onClick={scrollToEnd}>
            <IconArrowDown aria-hidden="true" />
            {t('chat.jump_down')}
          </button>
        )}
      </div>
      <Composer onSent={scrollToEnd} />
    </SidePanel>
  );
}

function EmptyChat(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className={styles.empty}>
      <span className={styles.emptySign} aria-hidden="true">
        <IconMessage />
      </span>
      <p className={styles.emptyTitle}>{t('chat.empty_title')}</p>
      <p>{t('chat.empty_text')}</p>
    </div>
  );
}

function Group({ group }: { group: ChatGroup }): ReactNode {
  const { t, i18n } = useTranslation();
  const recipient = useRoomPart(
    (state) => state.participants.find((person) => person.id === group.to)?.name ?? null,
  );
  const time = new Intl.DateTimeFormat(i18n.language, { hour: '2-digit', minute: '2-digit' });
  return (
    <>
      {group.isFirstUnread && (
        <p className={styles.line}>
          <span>{t('chat.new_messages')}</span>
        </p>
      )}
      <article
        className={styles.group}
        data-own={group.isOwn}
        data-private={group.to !== undefined}
      >
        {!group.isOwn && <Avatar name={group.fromName} size="28px" />}
        <div className={styles.content}>
          <p className={styles.head}>
            <span className={styles.sender} dir="auto">
              {group.isOwn ? t('chat.you') : group.fromName}
            </span>
            <time dateTime={new Date(group.atMs).toISOString()}>{time.format(group.atMs)}</time>
          </p>
          {group.to !== undefined && (
            <p className={styles.private}>
              <IconLock aria-hidden="true" />
              {group.isOwn ? t('chat.private_to', { name: recipient ?? '…' }) : t('chat.private')}
            </p>
          )}
          {group.entries.map((entry) => (
            <Message key={entry.id} entry={entry} />
          ))}
        </div>
      </article>
    </>
  );
}

function Message({ entry }: { entry: ChatEntry }): ReactNode {
  const pieces = useMemo(() => chatPieces(entry.text), [entry.text]);
  return (
    <p className={styles.message} dir="auto">
      {pieces.map((piece, index) =>
        piece.kind === 'link' ? (
          <a
            // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
            key={index}
            href={piece.href}
            target="_blank"
            rel="noopener noreferrer nofollow"
          >
            {piece.text}
          </a>
        ) : (
          piece.text
        ),
      )}
    </p>
  );
}

/** Keeps a list at its end while somebody reads there, and only then. */
function useStickToEnd(chat: readonly ChatEntry[]) {
  const ref = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const scrollToEnd = () => {
    const list = ref.current;
    if (list) list.scrollTop = list.scrollHeight;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new message is the occasion to scroll
  useLayoutEffect(() => {
    if (isAtEnd) scrollToEnd();
  }, [chat, isAtEnd]);
  const handleScroll = () => {
    const list = ref.current;
    if (list) setAtEnd(list.scrollHeight - list.scrollTop - list.clientHeight < AT_END_PX);
  };
  return { ref, isAtEnd, handleScroll, scrollToEnd };
}
