import { answer, type components } from '@jumpa/api-client';
import { api, PAGE_ROWS, type Page } from './api';
import { tenantHeader } from './tenant';

/** One line of the log of what was done. */
export type AuditEvent = components['schemas']['AuditEvent'];

/** Which lines of the log; what is left out does not matter. */
export interface AuditFilter {
  /** Exactly this act, `member.removed`. */
  readonly action?: string | undefined;
}

export async function listAuditEvents(
  tenant: string,
  filter: AuditFilter,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<AuditEvent>> {
  const params = { header: tenantHeader(tenant), query: pageOf(filter, cursor) };
  return answer(api.GET('/v1/audit', { params, signal }));
}

function pageOf({ action }: AuditFilter, cursor: string | null) {
  return {
    limit: PAGE_ROWS,
    ...(action !== undefined && { action }),
    ...(cursor !== null && { cursor }),
  };
}
