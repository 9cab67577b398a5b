import { type ComponentType, lazy, type ReactNode, Suspense } from 'react';

/**
 * A component whose code comes when it is first drawn, and nothing until then: for dialogs and what
 * else a screen can be read without.
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): (props: Props) => ReactNode {
  const Loaded = lazy(async () => ({ default: (await load()) as ComponentType<object> }));
  return (props) => (
    <Suspense>
      <Loaded {...props} />
    </Suspense>
  );
}
