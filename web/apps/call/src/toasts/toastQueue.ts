import type { ReactNode } from 'react';

/** A short notice of what others did. */
export interface Toast {
  readonly id: number;
  readonly tone: 'info' | 'attention' | 'danger';
  /** Whose words the text is; in one line of its own. */
  readonly title?: string;
  readonly text: string;
  /** Toasts of one group replace each other, so that ten joins make one toast. */
  readonly group?: string;
  readonly icon?: ReactNode;
  readonly action?: { readonly label: string; readonly run: () => void };
  /** How long it stays, milliseconds. */
  readonly durationMs: number;
}

/** What a caller gives; the rest has defaults. */
export type ToastInput = Omit<Toast, 'id' | 'durationMs' | 'tone'> &
  Partial<Pick<Toast, 'durationMs' | 'tone'>>;

/** Toasts on screen at once. */
export const MAX_TOASTS = 2;

/** A toast with something to press stays longer than one that is only read. */
const READ_MS = 5_000;
const ACT_MS = 12_000;

/** Adds a toast: it replaces its group, and the oldest goes when there are too many. */
export function withToast(
  toasts: readonly Toast[],
  input: ToastInput,
  id: number,
): readonly Toast[] {
  const toast: Toast = {
    tone: 'info',
    durationMs: input.action ? ACT_MS : READ_MS,
    ...input,
    id,
  };
  const others = toasts.filter((other) => !toast.group || other.group !== toast.group);
  return [...others, toast].slice(-MAX_TOASTS);
}
