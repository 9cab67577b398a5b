import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// Panels are loaded on demand, which takes a while on a busy machine.
configure({ asyncUtilTimeout: 15_000 });

afterEach(cleanup);

// jsdom has no layout and no media queries; components only need the calls to exist.
window.matchMedia ??= (query) =>
  ({
    matches: false,
    media: query,
    onchange: null,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
    dispatchEvent: () => false,
  }) as MediaQueryList;

globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

Element.prototype.scrollIntoView ??= () => undefined;

// Menus hide when their button is out of sight, so everything is somewhere in a window of some size.
Element.prototype.getBoundingClientRect = () => new DOMRect(8, 8, 48, 48);
for (const [side, length] of [
  ['clientWidth', 1024],
  ['clientHeight', 768],
] as const) {
  Object.defineProperty(document.documentElement, side, { value: length });
}
