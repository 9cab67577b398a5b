import { expect, it } from 'vitest';
import { type Toast, withToast } from './toastQueue';

const texts = (toasts: readonly Toast[]) => toasts.map((toast) => toast.text);

it('at most two are shown; the oldest goes', () => {
  let toasts: readonly Toast[] = [];
  for (const [id, text] of ['one', 'two', 'three'].entries())
    toasts = withToast(toasts, { text }, id);
  expect(texts(toasts)).toEqual(['two', 'three']);
});

it('a toast replaces its own group', () => {
  let toasts = withToast([], { text: 'Siti joined', group: 'joined' }, 1);
  toasts = withToast(toasts, { text: 'Budi raises a hand' }, 2);
  toasts = withToast(toasts, { text: 'Rina and others joined', group: 'joined' }, 3);
  expect(texts(toasts)).toEqual(['Budi raises a hand', 'Rina and others joined']);
});

it('a toast with an action stays longer', () => {
  const [read] = withToast([], { text: 'a' }, 1);
  const [act] = withToast([], { text: 'b', action: { label: 'Open', run: () => undefined } }, 2);
  expect(act?.durationMs).toBeGreaterThan(read?.durationMs ?? Number.POSITIVE_INFINITY);
});
