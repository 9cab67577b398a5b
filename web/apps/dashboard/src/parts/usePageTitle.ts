import { useEffect } from 'react';

/** Names the window after its screen: what a tab shows and a screen reader says first. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Jumpa`;
  }, [title]);
}
