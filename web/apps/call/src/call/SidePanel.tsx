import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconX } from '../icons';
import { useCallUi } from './CallUiContext';
import styles from './SidePanel.module.css';

export interface SidePanelProps {
  title: string;
  children: ReactNode;
}

/** A panel at the right of the stage, a sheet above the toolbar on phones. Escape closes it. */
export function SidePanel({ title, children }: SidePanelProps): ReactNode {
  const { t } = useTranslation();
  const { dispatch } = useCallUi();
  const titleId = useId();
  const ref = useRef<HTMLElement>(null);

  // Taken before a field inside takes the focus.
  const [opener] = useState(() => document.activeElement);

  useEffect(() => {
    if (!ref.current?.contains(document.activeElement)) ref.current?.focus();
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, [opener]);

  return (
    <aside
      ref={ref}
      className={styles.panel}
      aria-labelledby={titleId}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) dispatch({ type: 'panel_closed' });
      }}
    >
      <header className={styles.head}>
        <h2 id={titleId} className={styles.title}>
          {title}
        </h2>
        <button
          type="button"
          className={styles.close}
          aria-label={t('common.close')}
          onClick={() => dispatch({ type: 'panel_closed' })}
        >
          <IconX aria-hidden="true" />
        </button>
      </header>
      {children}
    </aside>
  );
}
