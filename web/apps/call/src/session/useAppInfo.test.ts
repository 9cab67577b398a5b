import { act, renderHook, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { useAppInfo } from './useAppInfo';

afterEach(() => vi.unstubAllGlobals());

it('asks again by itself when the network is back', async () => {
  const answer = { name: 'Klinik Sehat', allows_guests: true };
  const ask = vi
    .fn<typeof fetch>()
    .mockRejectedValueOnce(new TypeError('no network'))
    .mockImplementation(async () => Response.json(answer));
  vi.stubGlobal('fetch', ask);
  const { result } = renderHook(() => useAppInfo('klinik-sehat-k3x9q'));
  await waitFor(() => expect(result.current.info.status).toBe('unreachable'));
  act(() => {
    window.dispatchEvent(new Event('online'));
  });
  await waitFor(() => expect(result.current.info.status).toBe('ready'));
});
