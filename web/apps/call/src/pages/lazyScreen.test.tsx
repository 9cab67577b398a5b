import { act, render, screen } from '@testing-library/react';
import { type ReactNode, Suspense } from 'react';
import { expect, it } from 'vitest';
import { lazyScreen } from './lazyScreen';

function Greeting({ name }: { name: string }): ReactNode {
  return <p>Halo {name}</p>;
}

it('is drawn at once when it was fetched ahead', async () => {
  const greeting = lazyScreen(async () => Greeting);
  await act(async () => greeting.preload());
  render(
    <Suspense fallback="one moment">
      <greeting.Screen name="Siti" />
    </Suspense>,
  );
  expect(screen.getByText('Halo Siti')).toBeTruthy();
  expect(screen.queryByText('one moment')).toBeNull();
});

it('is fetched when nobody fetched it ahead', async () => {
  const greeting = lazyScreen(async () => Greeting);
  render(
    <Suspense fallback="one moment">
      <greeting.Screen name="Siti" />
    </Suspense>,
  );
  expect(screen.getByText('one moment')).toBeTruthy();
  expect(await screen.findByText('Halo Siti')).toBeTruthy();
});
