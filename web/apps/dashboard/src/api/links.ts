import { answer, type components } from '@jumpa/api-client';
import { queryOptions } from '@tanstack/react-query';
import { api } from './api';
import type { Me } from './me';

type Schemas = components['schemas'];

/** What an invitation link invites to. */
export type InvitationLink = Schemas['InvitationLink'];

export const invitationLinkQuery = (token: string) =>
  queryOptions({
    queryKey: ['invitation_link', token],
    queryFn: ({ signal }) =>
      answer(api.POST('/v1/invitation_links/show', { body: { token }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Whoever is new gives name and password; whoever is logged in gives neither. */
export async function acceptInvitation(body: Schemas['AcceptInvitationLink']): Promise<Me> {
  return answer(api.POST('/v1/invitation_links/accept', { body }));
}

/** Asks for a mail with a link. The answer does not tell whether there is such a person. */
export async function requestPasswordReset(email: string): Promise<void> {
  await api.POST('/v1/password_resets', { body: { email } });
}

/** Every session of the person ends; a second factor stays. */
export async function resetPassword(body: Schemas['ResetPassword']): Promise<void> {
  await api.POST('/v1/password_resets/use', { body });
}
