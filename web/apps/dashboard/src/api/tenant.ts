import { answer, type components } from '@jumpa/api-client';
import { queryOptions } from '@tanstack/react-query';
import { api, PAGE_ROWS, type Page } from './api';

type Schemas = components['schemas'];

/** What somebody may do in a tenant. */
export type Role = Schemas['Role'];
/** Every role, the most powerful first. */
export const ROLES: readonly Role[] = ['owner', 'admin', 'developer', 'agent', 'viewer'];

/** A tenant that somebody belongs to. */
export type Membership = Schemas['Membership'];
/** A customer organisation. */
export type Tenant = Schemas['Tenant'];
/** Somebody in a tenant. */
export type Member = Schemas['Member'];
/** Somebody who was asked to join a tenant. */
export type Invitation = Schemas['Invitation'];
/** A new invitation; the link is told once, where the server sends no mail. */
export type SentInvitation = Schemas['SentInvitation'];

/** The header that says for which tenant a request is. */
export const tenantHeader = (tenant: string) => ({ 'X-Jumpa-Tenant': tenant });

export const tenantQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['tenant', tenant],
    queryFn: ({ signal }) =>
      answer(api.GET('/v1/tenant', { params: { header: tenantHeader(tenant) }, signal })),
    staleTime: 60_000,
  });

export async function changeTenant(tenant: string, body: Schemas['UpdateTenant']): Promise<Tenant> {
  return answer(api.PATCH('/v1/tenant', { params: { header: tenantHeader(tenant) }, body }));
}

export async function listMembers(
  tenant: string,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<Member>> {
  const query = { limit: PAGE_ROWS, ...(cursor !== null && { cursor }) };
  const params = { header: tenantHeader(tenant), query };
  return answer(api.GET('/v1/members', { params, signal }));
}

export async function changeRole(tenant: string, user_id: string, role: Role): Promise<Member> {
  const params = { header: tenantHeader(tenant), path: { user_id } };
  return answer(api.PATCH('/v1/members/{user_id}', { params, body: { role } }));
}

export async function removeMember(tenant: string, user_id: string): Promise<void> {
  const params = { header: tenantHeader(tenant), path: { user_id } };
  await api.DELETE('/v1/members/{user_id}', { params });
}

export async function listInvitations(
  tenant: string,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<Invitation>> {
  const query = { limit: PAGE_ROWS, ...(cursor !== null && { cursor }) };
  const params = { header: tenantHeader(tenant), query };
  return answer(api.GET('/v1/invitations', { params, signal }));
}

export async function invite(
  tenant: string,
  body: Schemas['CreateInvitation'],
): Promise<SentInvitation> {
  return answer(api.POST('/v1/invitations', { params: { header: tenantHeader(tenant) }, body }));
}

/** Sends the mail again with a new link; the old link is void. */
export async function resendInvitation(
  tenant: string,
  invitation_id: string,
): Promise<SentInvitation> {
  const params = { header: tenantHeader(tenant), path: { invitation_id } };
  return answer(api.POST('/v1/invitations/{invitation_id}/resend', { params }));
}

export async function cancelInvitation(tenant: string, invitation_id: string): Promise<void> {
  const params = { header: tenantHeader(tenant), path: { invitation_id } };
  await api.POST('/v1/invitations/{invitation_id}/cancel', { params });
}
