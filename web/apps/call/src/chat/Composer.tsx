import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCallUi } from '../call/CallUiContext';
import { IconSend } from '../icons';
import { useRoom, useRoomPart } from '../session/RoomContext';
import styles from './Composer.module.css';
import { charactersLeft } from './chatModel';

/** The counter shows when fewer characters are left. */
const SHOW_COUNT_BELOW = 400;

export interface ComposerProps {
  onSent: () => void;
}

/** Writes messages: Enter sends, Shift + Enter makes a new line. */
export function Composer({ onSent }: ComposerProps): ReactNode {
  const { t } = useTranslation();
  const room = useRoom();
  const { ui } = useCallUi();
  const recipient = useRoomPart(
    (state) => state.participants.find((person) => person.id === ui.chatTo) ?? null,
  );
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const inputRef = useRef<HTMLTextAreaElement>(null);
  const problemId = useId();
  const left = charactersLeft(text);
  const canSend = text.trim() !== '' && left >= 0;

  useEffect(() => {
    // On touch screens the keyboard would cover the messages that one came to read.
    if (ui.chatTo !== null || !matchMedia('(hover: none)').matches) inputRef.current?.focus();
  }, [ui.chatTo]);

  const send = async () => {
    if (!canSend) return;
    const message = text.trim();
    setProblem(null);
    // The field is free at once: who types on writes the next message, not into this one.
    setText('');
    try {
      if (ui.chatTo !== null && !recipient) throw new Error('the recipient has left');
      await room.sendChat(message, ui.chatTo ?? undefined);
      onSent();
    } catch {
      setText((next) => (next === '' ? message : `${message}\n${next}`));
      setProblem(t('chat.failed'));
    }
  };
  const handleKey = (event: KeyboardEvent) => {
    // While an input method composes a word, Enter belongs to it.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <form
      className={styles.composer}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <RecipientSelect />
      <div className={styles.box} data-private={ui.chatTo !== null}>
        <textarea
          ref={inputRef}
          className={styles.input}
          rows={1}
          dir="auto"
          value={text}
          aria-label={t('chat.label')}
          aria-describedby={problemId}
          aria-invalid={left < 0 || undefined}
          placeholder={
            recipient
              ? t('chat.placeholder_private', { name: recipient.name })
              : t('chat.placeholder')
          }
          onChange={(event) => setText(event.target.value)}
          onKeyDown={handleKey}
        />
        <button
          type="submit"
          className={styles.send}
          aria-label={t('chat.send')}
          disabled={!canSend}
          title={t('chat.hint')}
        >
          <IconSend aria-hidden="true" />
        </button>
      </div>
      <p id={problemId} className={styles.note} data-problem={left < 0 || problem !== null}>
        {left < 0
          ? t('chat.too_long', { count: -left })
          : (problem ?? (left < SHOW_COUNT_BELOW ? t('chat.remaining', { count: left }) : ''))}
      </p>
    </form>
  );
}

function RecipientSelect(): ReactNode {
  const { t } = useTranslation();
  const { ui, dispatch } = useCallUi();
  const participants = useRoomPart((state) => state.participants);
  const others = participants.filter((person) => !person.isLocal);
  const isGone = ui.chatTo !== null && !others.some((person) => person.id === ui.chatTo);
  const id = useId();
  if (others.length === 0 && ui.chatTo === null) return null;
  return (
    <div className={styles.to}>
      <label htmlFor={id}>{t('chat.to')}</label>
      <select
        id={id}
        className={styles.recipient}
        value={isGone ? '' : (ui.chatTo ?? '')}
        onChange={(event) => dispatch({ type: 'chat_to_chosen', to: event.target.value || null })}
      >
        <option value="">{t('chat.everyone')}</option>
        {others.map((person) => (
          <option key={person.id} value={person.id}>
            {person.name}
          </option>
        ))}
      </select>
    </div>
  );
}
