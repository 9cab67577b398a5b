import { useEffect, useRef } from 'react';

/**
 * Gives the focus back when a dialog has closed: to the control that opened it, or that opened the menu
 * in which it was chosen. The menu and its entries are gone by then.
 */
export function useReturnedFocus(isOpen: boolean): void {
  const last = useRef<HTMLElement | null>(null);
  useEffect(() => {
    const handleFocus = ({ target }: FocusEvent) => {
      if (target instanceof HTMLElement && !target.closest('[role="menu"], [role="dialog"]')) {
        last.current = target;
      }
    };
    document.addEventListener('focusin', handleFocus);
    return () => document.removeEventListener('focusin', handleFocus);
  }, []);
  useEffect(() => {
    if (!isOpen) return;
    return () => last.current?.focus();
  }, [isOpen]);
}
