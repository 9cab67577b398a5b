import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useMemo,
  useRef,
  useState,
} from 'react';
import { type Toast, type ToastInput, withToast } from './toastQueue';

interface ToastContextValue {
  readonly toasts: readonly Toast[];
  readonly show: (toast: ToastInput) => void;
  readonly dismiss: (id: number) => void;
  /** Takes away what is no longer news. */
  readonly dismissGroup: (group: string) => void;
}

const ToastContext = createContext<ToastContextValue | null>(null);

export interface ToastProviderProps {
  initial?: readonly Toast[];
  children: ReactNode;
}

/** Keeps the notices of a call. */
export function ToastProvider({ initial = [], children }: ToastProviderProps): ReactNode {
  const [toasts, setToasts] = useState<readonly Toast[]>(initial);
  const nextId = useRef(1);
  const show = useCallback((toast: ToastInput) => {
    nextId.current += 1;
    const id = nextId.current;
    setToasts((current) => withToast(current, toast, id));
  }, []);
  const dismiss = useCallback((id: number) => {
    setToasts((current) => current.filter((toast) => toast.id !== id));
  }, []);
  const dismissGroup = useCallback((group: string) => {
    setToasts((current) => current.filter((toast) => toast.group !== group));
  }, []);
  const value = useMemo(
    () => ({ toasts, show, dismiss, dismissGroup }),
    [toasts, show, dismiss, dismissGroup],
  );
  return <ToastContext value={value}>{children}</ToastContext>;
}

/** The notices, and the way to show one. */
export function useToasts(): ToastContextValue {
  const value = useContext(ToastContext);
  if (!value) throw new Error('ToastProvider is missing above this component');
  return value;
}
