import { answer, type components } from '@jumpa/api-client';
import { queryOptions } from '@tanstack/react-query';
import { api } from './api';
import type { Me } from './me';

type Schemas = components['schemas'];

/** A login in one browser. */
export type Session = Schemas['Session'];
/** What an authenticator app needs. */
export type EnrolledSecondFactor = Schemas['EnrolledSecondFactor'];

/** Where the person is logged in, the newest first. */
export const sessionsQuery = queryOptions({
  queryKey: ['me', 'sessions'],
  queryFn: async ({ signal }) => (await answer(api.GET('/v1/me/sessions', { signal }))).data,
});

export async function changeMe(body: Schemas['UpdateMe']): Promise<Me> {
  return answer(api.PATCH('/v1/me', { body }));
}

/** Every other session of the person ends. */
export async function changePassword(body: Schemas['ChangePassword']): Promise<void> {
  await api.POST('/v1/me/password', { body });
}

/** For ten minutes secrets can be seen and the login itself changed. */
export async function confirmIdentity(body: Schemas['ConfirmIdentity']): Promise<void> {
  await api.POST('/v1/me/proof', { body });
}

/** Needs a proof. The factor counts only once it is confirmed. */
export async function enrolSecondFactor(): Promise<EnrolledSecondFactor> {
  return answer(api.POST('/v1/me/second_factor'));
}

/** Gives the recovery codes, this once. */
export async function confirmSecondFactor(code: string): Promise<readonly string[]> {
  const body = { code };
  return (await answer(api.POST('/v1/me/second_factor/confirm', { body }))).recovery_codes;
}

/** Needs a proof. */
export async function disableSecondFactor(): Promise<void> {
  await api.DELETE('/v1/me/second_factor');
}

/** Needs a proof. The old codes are void. */
export async function rotateRecoveryCodes(): Promise<readonly string[]> {
  return (await answer(api.POST('/v1/me/second_factor/recovery_codes'))).recovery_codes;
}

export async function revokeSession(session_id: string): Promise<void> {
  await api.DELETE('/v1/me/sessions/{session_id}', { params: { path: { session_id } } });
}

export async function revokeOtherSessions(): Promise<void> {
  await api.DELETE('/v1/me/sessions');
}
