import { afterEach, expect, it } from 'vitest';
import { isSpaceTaken, isTyping, type KeyPress, shortcutAction } from './shortcuts';

const press = (changes: Partial<KeyPress>): KeyPress => ({
  key: 'm',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  repeat: false,
  defaultPrevented: false,
  ...changes,
});

const element = (html: string): Element => {
  document.body.innerHTML = html;
  return document.body.querySelector('[data-target]') ?? document.body;
};

afterEach(() => {
  document.body.innerHTML = '';
});

it.each([
  ['m', 'microphone'],
  ['M', 'microphone'],
  ['v', 'camera'],
  ['d', 'share'],
  ['r', 'hand'],
  ['c', 'chat'],
  ['p', 'people'],
  ['w', 'layout'],
  ['e', 'record'],
  ['f', 'fullscreen'],
  ['?', 'help'],
  ['x', null],
])('%s asks for %s', (key, action) => {
  expect(shortcutAction(press({ key }))).toBe(action);
});

it.each(['ctrlKey', 'metaKey', 'altKey', 'repeat', 'defaultPrevented'] as const)(
  'rests with %s',
  (field) => {
    expect(shortcutAction(press({ [field]: true }))).toBeNull();
  },
);

it.each([
  '<input data-target>',
  '<textarea data-target></textarea>',
  '<select data-target></select>',
  '<div role="dialog"><button data-target>x</button></div>',
])('rests while typing in %s', (html) => {
  expect(isTyping(element(html))).toBe(true);
});

it('works from a button, where Space presses the button', () => {
  const button = element('<button data-target>x</button>');
  expect(isTyping(button)).toBe(false);
  expect(isSpaceTaken(button)).toBe(true);
});

it('Space on the page is free for push-to-talk', () => {
  expect(isSpaceTaken(document.body)).toBe(false);
});
