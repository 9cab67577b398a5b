import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';
import styles from './Announcer.module.css';

const AnnounceContext = createContext<(text: string) => void>(() => undefined);

/** Tells users of screen readers what happens, politely, one sentence after the other. */
export function AnnouncerProvider({ children }: { children: ReactNode }): ReactNode {
  // Two regions take turns, so that an equal sentence is read again.
  const [texts, setTexts] = useState<readonly [string, string]>(['', '']);
  const announce = useCallback((text: string) => {
    setTexts(([first]) => (first === '' ? [text, ''] : ['', text]));
  }, []);
  return (
    <AnnounceContext value={announce}>
      {children}
      <div className={styles.hidden} role="status" aria-live="polite">
        {texts[0]}
      </div>
      <div className={styles.hidden} role="status" aria-live="polite">
        {texts[1]}
      </div>
    </AnnounceContext>
  );
}

/** Says a sentence in the polite live region. */
export function useAnnounce(): (text: string) => void {
  return useContext(AnnounceContext);
}
