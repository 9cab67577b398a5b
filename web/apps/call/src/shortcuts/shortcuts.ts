/** What a key does in a call. */
export type ShortcutAction =
  | 'microphone'
  | 'camera'
  | 'share'
  | 'hand'
  | 'chat'
  | 'people'
  | 'layout'
  | 'record'
  | 'fullscreen'
  | 'help';

/** The key of each act, as it is shown and compared. */
export const SHORTCUT_KEYS: Readonly<Record<ShortcutAction, string>> = {
  microphone: 'M',
  camera: 'V',
  share: 'D',
  hand: 'R',
  chat: 'C',
  people: 'P',
  layout: 'W',
  record: 'E',
  fullscreen: 'F',
  help: '?',
};

const ACTIONS = new Map(
  Object.entries(SHORTCUT_KEYS).map(([action, key]) => [key, action as ShortcutAction]),
);

/** The part of a keyboard event that decides. */
export type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'repeat' | 'defaultPrevented'
>;

/** What a key press asks for; `null` for keys of the browser, repeats and everything else. */
export function shortcutAction(press: KeyPress): ShortcutAction | null {
  if (press.ctrlKey || press.metaKey || press.altKey || press.repeat || press.defaultPrevented) {
    return null;
  }
  return ACTIONS.get(press.key.toUpperCase()) ?? null;
}

/** Whether letters typed at `target` are text, so that shortcuts rest. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest('[role="dialog"], [role="menu"]')) return true;
  if (target instanceof HTMLInputElement) {
    return !['button', 'checkbox', 'radio', 'range', 'submit'].includes(target.type);
  }
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** Whether Space at `target` presses something, so that push-to-talk rests. */
export function isSpaceTaken(target: EventTarget | null): boolean {
  return (
    isTyping(target) ||
    (target instanceof HTMLElement &&
      target.closest('button, a, input, [role="button"], [role="switch"]') !== null)
  );
}
