import { answer, type components } from '@jumpa/api-client';
import { queryOptions } from '@tanstack/react-query';
import { api, PAGE_ROWS, type Page } from './api';
import type { AuditEvent } from './audit';
import type { Member } from './tenant';

type Schemas = components['schemas'];

/** A customer as the operator sees it. */
export type OperatorTenant = Schemas['OperatorTenant'];
/** What comes with a new customer: the owner's invitation, the first app and its key. */
export type CreatedTenant = Schemas['CreatedTenant'];
/** Somebody who logs in to dashboards. */
export type OperatorUser = Schemas['OperatorUser'];
/** A mail of the outbox. */
export type Mail = Schemas['Mail'];

/** States by which customers are listed; without one, all that are not deleted. */
export const TENANT_STATES = ['active', 'suspended', 'deleted'] as const;
export type TenantState = (typeof TENANT_STATES)[number];

/** How far a mail is. */
export const MAIL_STATES = ['pending', 'sent', 'failed'] as const;
export type MailState = (typeof MAIL_STATES)[number];

/** Where in a list a page begins. */
interface PageStart {
  readonly cursor: string | null;
  readonly signal: AbortSignal;
}

/** The parts of a query that are given. */
function given<Query extends object>(query: Query, { cursor }: PageStart) {
  const entries = Object.entries({ ...query, cursor, limit: PAGE_ROWS });
  return Object.fromEntries(
    entries.filter(([, value]) => value !== undefined && value !== null && value !== ''),
  ) as { [Name in keyof Query]?: Exclude<Query[Name], undefined> };
}

export async function listTenants(
  filter: { readonly search?: string | undefined; readonly status?: TenantState | undefined },
  start: PageStart,
): Promise<Page<OperatorTenant>> {
  const params = { query: given(filter, start) };
  return answer(api.GET('/v1/operator/tenants', { params, signal: start.signal }));
}

export const operatorTenantQuery = (tenant_id: string) =>
  queryOptions({
    queryKey: ['operator', 'tenant', tenant_id],
    queryFn: ({ signal }) => {
      const params = { path: { tenant_id } };
      return answer(api.GET('/v1/operator/tenants/{tenant_id}', { params, signal }));
    },
  });

export async function createTenant(body: Schemas['CreateTenant']): Promise<CreatedTenant> {
  return answer(api.POST('/v1/operator/tenants', { body }));
}

export async function changeOperatorTenant(
  tenant_id: string,
  body: Schemas['UpdateTenant'],
): Promise<OperatorTenant> {
  const params = { path: { tenant_id } };
  return answer(api.PATCH('/v1/operator/tenants/{tenant_id}', { params, body }));
}

/** Lets this session read what a customer reads, for an hour; it stands in the customer's audit. */
export async function startTenantView(tenant_id: string): Promise<Schemas['TenantView']> {
  const params = { path: { tenant_id } };
  return answer(api.POST('/v1/operator/tenants/{tenant_id}/view', { params }));
}

export async function endTenantView(tenant_id: string): Promise<void> {
  const params = { path: { tenant_id } };
  await answer(api.DELETE('/v1/operator/tenants/{tenant_id}/view', { params }));
}

/** Stops a customer, lets it go on, deletes it, or takes that back. */
export async function moveTenant(
  tenant_id: string,
  act: 'suspend' | 'resume' | 'delete' | 'restore',
): Promise<OperatorTenant> {
  const init = { params: { path: { tenant_id } } };
  switch (act) {
    case 'suspend':
      return answer(api.POST('/v1/operator/tenants/{tenant_id}/suspend', init));
    case 'resume':
      return answer(api.POST('/v1/operator/tenants/{tenant_id}/resume', init));
    case 'delete':
      return answer(api.DELETE('/v1/operator/tenants/{tenant_id}', init));
    case 'restore':
      return answer(api.POST('/v1/operator/tenants/{tenant_id}/restore', init));
    default:
      return act satisfies never;
  }
}

export async function listTenantMembers(
  tenant_id: string,
  start: PageStart,
): Promise<Page<Member>> {
  const params = { path: { tenant_id }, query: given({}, start) };
  const { signal } = start;
  return answer(api.GET('/v1/operator/tenants/{tenant_id}/members', { params, signal }));
}

export async function listUsers(
  filter: { readonly search?: string | undefined },
  start: PageStart,
): Promise<Page<OperatorUser>> {
  const params = { query: given(filter, start) };
  return answer(api.GET('/v1/operator/users', { params, signal: start.signal }));
}

/** For people who lost phone and recovery codes: their password is enough again. */
export async function resetSecondFactor(user_id: string): Promise<void> {
  const params = { path: { user_id } };
  await api.POST('/v1/operator/users/{user_id}/reset_second_factor', { params });
}

export async function listMails(
  filter: { readonly status?: MailState | undefined },
  start: PageStart,
): Promise<Page<Mail>> {
  const params = { query: given(filter, start) };
  return answer(api.GET('/v1/operator/mails', { params, signal: start.signal }));
}

export async function retryMail(mail_id: string): Promise<void> {
  await api.POST('/v1/operator/mails/{mail_id}/retry', { params: { path: { mail_id } } });
}

export async function listOperatorAudit(
  filter: { readonly action?: string | undefined; readonly tenant_id?: string | undefined },
  start: PageStart,
): Promise<Page<AuditEvent>> {
  const params = { query: given(filter, start) };
  return answer(api.GET('/v1/operator/audit', { params, signal: start.signal }));
}
