import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import styles from './FloatingLayer.module.css';

interface FloatingLayerValue {
  readonly target: HTMLElement | null;
  readonly setTarget: (element: HTMLElement | null) => void;
}

const FloatingLayerContext = createContext<FloatingLayerValue>({
  target: null,
  setTarget: () => undefined,
});

/** Lets menus and tips of the page float inside of its landmarks, where `FloatingLayer` stands. */
export function FloatingLayerProvider({ children }: { children: ReactNode }): ReactNode {
  const [target, setTarget] = useState<HTMLElement | null>(null);
  const value = useMemo(() => ({ target, setTarget }), [target]);
  return <FloatingLayerContext value={value}>{children}</FloatingLayerContext>;
}

/** The place of menus and tips in the document: readers find them in a landmark like all the rest. */
export function FloatingLayer(): ReactNode {
  const { setTarget } = useContext(FloatingLayerContext);
  return <div ref={setTarget} className={styles.layer} />;
}

/** Where something that floats goes; without a layer, at the end of the page. */
export function useFloatingLayer(): { readonly portalProps?: { readonly target: HTMLElement } } {
  const { target } = useContext(FloatingLayerContext);
  return target ? { portalProps: { target } } : {};
}
