import { answer, type components } from '@jumpa/api-client';
import { queryOptions } from '@tanstack/react-query';
import { api } from './api';

/** Somebody who is signed in. */
export type Me = components['schemas']['Me'];

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => answer(api.GET('/v1/me', { signal })),
  staleTime: 60_000,
});

export async function login(body: components['schemas']['Login']): Promise<Me> {
  return answer(api.POST('/v1/login', { body }));
}

/** Where somebody logs in whose address belongs to an identity provider. */
export async function startIdentityLogin(
  body: components['schemas']['StartIdentityLogin'],
): Promise<components['schemas']['IdentityLogin']> {
  return answer(api.POST('/v1/oidc/start', { body }));
}

/** Makes the first operator of a fresh server; the token of the printed link works once. */
export async function firstLogin(body: components['schemas']['FirstLogin']): Promise<Me> {
  return answer(api.POST('/v1/first_login', { body }));
}

export async function logout(): Promise<void> {
  await api.POST('/v1/logout');
}
