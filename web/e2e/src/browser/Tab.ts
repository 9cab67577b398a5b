import type { NameMatch } from '../page/Probe.ts';

/** A name as tests write it: the whole name, or a pattern. */
export type Name = string | RegExp;

/** An element by its role and accessible name. */
export interface Target {
  readonly role: string;
  readonly name: Name;
  /** The element it stands in, when its name alone does not tell. */
  readonly within?: Target;
}

/** A keyboard key as the DOM names it: `Enter`, `Escape`, `m`. */
export type Key = string;

/**
 * One page in a real browser. Chromium and Firefox are driven by different libraries; tests see this alone.
 * Nothing here waits for a condition: that is what `Person` does.
 */
export interface Tab {
  /** Lines of the console, errors first marked with their kind. */
  readonly console: readonly string[];
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  setSize(width: number, height: number): Promise<void>;
  setTheme(theme: 'light' | 'dark'): Promise<void>;
  /** Runs `script` in the page; `argument` and the result are plain data. */
  run<A, R>(script: (argument: A) => R | Promise<R>, argument: A): Promise<R>;
  /** Runs a source text in the page, for scripts that are not ours. */
  runSource(source: string): Promise<void>;
  isThere(target: Target): Promise<boolean>;
  /** Like `run`, with the element as second argument; fails when there is none. */
  runOn<A, R>(
    target: Target,
    script: (argument: A, element: Element) => R | Promise<R>,
    argument: A,
  ): Promise<R>;
  /** A real click of the mouse in the element's middle. */
  click(target: Target): Promise<void>;
  /** Replaces the text of a field by typing. */
  fill(target: Target, text: string): Promise<void>;
  press(key: Key): Promise<void>;
  screenshot(path: string): Promise<void>;
  close(): Promise<void>;
}

/** The form of a name that crosses into the page. */
export function nameMatch(name: Name): NameMatch {
  return typeof name === 'string'
    ? { text: name, isPattern: false }
    : { text: name.source, isPattern: true };
}

/** The form of a target that crosses into the page: outermost element first. */
export function path(target: Target): { role: string; name: NameMatch }[] {
  const own = { role: target.role, name: nameMatch(target.name) };
  return target.within ? [...path(target.within), own] : [own];
}

/** A target for messages: button "Join". */
export function describe(target: Target): string {
  const inside = target.within ? ` in ${describe(target.within)}` : '';
  return `${target.role} ${typeof target.name === 'string' ? `"${target.name}"` : target.name}${inside}`;
}

/** Runs in the page: follows a path of roles and names to its last element. */
export function locate(steps: { role: string; name: NameMatch }[]): Element | null {
  let element: Element | null = null;
  for (const { role, name } of steps) {
    element = window.jumpaProbe.find(role, name, element);
    if (!element) return null;
  }
  return element;
}

/** Runs in the page: what to press to use an element. */
export function pressable(element: Element): Element {
  return window.jumpaProbe.pressable(element);
}
