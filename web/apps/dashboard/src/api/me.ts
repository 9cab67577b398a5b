import { queryOptions } from '@tanstack/react-query';
import { request } from './request';

/** Somebody who is signed in. */
export interface Me {
  readonly email: string;
  readonly name: string;
  /** Runs the platform. */
  readonly is_operator: boolean;
}

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }) => (await request('GET', '/v1/me', { signal })) as Me,
  staleTime: 60_000,
});

export async function login(email: string, password: string): Promise<Me> {
  return (await request('POST', '/v1/login', { body: { email, password } })) as Me;
}

/** Makes the first operator of a fresh server; the token of the printed link works once. */
export async function firstLogin(body: {
  readonly token: string;
  readonly email: string;
  readonly name: string;
  readonly password: string;
}): Promise<Me> {
  return (await request('POST', '/v1/first_login', { body })) as Me;
}

export async function logout(): Promise<void> {
  await request('POST', '/v1/logout');
}
