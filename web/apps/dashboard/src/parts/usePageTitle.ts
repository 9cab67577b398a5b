import { useEffect } from 'react';
import { usePlatform } from '../api/platformSettings';

/** Names the window after its screen: what a tab shows and a screen reader says first. */
export function usePageTitle(title: string): void {
  const { name } = usePlatform();
  useEffect(() => {
    document.title = `${title} · ${name}`;
  }, [title, name]);
}
