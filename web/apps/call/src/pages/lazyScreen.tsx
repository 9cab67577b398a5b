import { type ComponentType, lazy, type ReactNode, useState } from 'react';

/** A screen whose code is fetched apart from the first page. */
export interface LazyScreen<Props> {
  readonly Screen: (props: Props) => ReactNode;
  /** Fetches the code ahead. */
  readonly preload: () => void;
}

/**
 * Like React's `lazy`, but a screen that was fetched ahead is drawn at once. The first look at a
 * `lazy` component always draws the fallback, and React lets that stand for 300 ms.
 */
export function lazyScreen<Props extends object>(
  fetchScreen: () => Promise<ComponentType<Props>>,
): LazyScreen<Props> {
  let fetched: ComponentType<Props> | null = null;
  const fetchOnce = async () => {
    fetched ??= await fetchScreen();
    return fetched;
  };
  const Later = lazy(async () => ({ default: await fetchOnce() })) as ComponentType<Props>;
  return {
    Screen: (props) => {
      // One and the same for as long as it stands: another one would be mounted anew.
      const [Inner] = useState<ComponentType<Props>>(() => fetched ?? Later);
      return <Inner {...props} />;
    },
    // Without network the screen itself tries again.
    preload: () => void fetchOnce().catch(() => undefined),
  };
}
