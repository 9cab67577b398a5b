import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconX } from '../icons';
import { useToasts } from './ToastContext';
import styles from './Toasts.module.css';
import type { Toast } from './toastQueue';

/** The notices above the toolbar. They are read out by the announcer, not from here. */
export function Toasts(): ReactNode {
  const { toasts, dismiss } = useToasts();
  return (
    <div className={styles.toasts}>
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} onDismiss={() => dismiss(toast.id)} />
      ))}
    </div>
  );
}

function ToastCard({ toast, onDismiss }: { toast: Toast; onDismiss: () => void }): ReactNode {
  const { t } = useTranslation();
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(onDismiss, toast.durationMs);
    return () => clearTimeout(timer);
  }, [isHeld, onDismiss, toast.durationMs]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointer and focus only hold the clock
    <div
      className={styles.toast}
      data-tone={toast.tone}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {toast.icon && (
        <span className={styles.icon} aria-hidden="true">
          {toast.icon}
        </span>
      )}
      <div className={styles.words}>
        {toast.title && (
          <p className={styles.title} dir="auto">
            {toast.title}
          </p>
        )}
        <p className={styles.text} dir="auto">
          {toast.text}
        </p>
      </div>
      {toast.action && (
        <button
          type="button"
          className={styles.action}
          onClick={() => {
            toast.action?.run();
            onDismiss();
          }}
        >
          {toast.action.label}
        </button>
      )}
      <button
        type="button"
        className={styles.close}
        aria-label={t('toast.dismiss')}
        onClick={onDismiss}
      >
        <IconX aria-hidden="true" />
      </button>
    </div>
  );
}
