import { queryOptions } from '@tanstack/react-query';
import { planned } from './planned';

/** What somebody may do in a tenant, the most powerful first. */
export const ROLES = ['owner', 'admin', 'developer', 'agent', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** A tenant that somebody belongs to. */
export interface Membership {
  readonly tenant_id: string;
  readonly tenant_name: string;
  readonly role: Role;
}

/** A customer organisation. */
export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly status: 'active' | 'suspended';
  /** IANA name. */
  readonly time_zone: string;
}

export const tenantQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['tenant', tenant],
    queryFn: ({ signal }) => planned<Tenant>('GET', '/v1/tenant', { tenant, signal }),
    staleTime: 60_000,
  });

export async function changeTenant(
  tenant: string,
  body: { readonly name?: string; readonly time_zone?: string },
): Promise<Tenant> {
  return planned('PATCH', '/v1/tenant', { tenant, body });
}

/** Somebody in a tenant. */
export interface Member {
  readonly user_id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly has_totp: boolean;
  /** RFC 3339, UTC; `null` when they never signed in. */
  readonly last_seen_at: string | null;
}

/** Somebody who was asked to join a tenant. */
export interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  /** RFC 3339, UTC. */
  readonly expires_at: string;
}

/** A new invitation; the link is told once, for when no mail can be sent. */
export interface CreatedInvitation {
  readonly invitation: Invitation;
  readonly link: string;
}

export async function invite(
  tenant: string,
  body: { readonly email: string; readonly role: Role },
): Promise<CreatedInvitation> {
  return planned('POST', '/v1/invitations', { tenant, body });
}

export async function cancelInvitation(tenant: string, id: string): Promise<void> {
  await planned('POST', `/v1/invitations/${id}/cancel`, { tenant });
}

export async function changeRole(tenant: string, userId: string, role: Role): Promise<void> {
  await planned('PATCH', `/v1/members/${userId}`, { tenant, body: { role } });
}

export async function removeMember(tenant: string, userId: string): Promise<void> {
  await planned('DELETE', `/v1/members/${userId}`, { tenant });
}
