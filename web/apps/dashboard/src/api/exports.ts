import { api } from './api';
import type { CallFilter } from './calls';
import { given } from './given';
import type { NumbersFilter } from './numbers';
import { tenantHeader } from './tenant';

/** How tables are taken away: for spreadsheets, or a JSON object on each line for programs. */
export const EXPORT_FORMATS = ['csv', 'ndjson'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Saves the calls that fit a filter as a file. */
export async function saveCalls(
  tenant: string,
  filter: CallFilter,
  format: ExportFormat,
): Promise<void> {
  const params = { header: tenantHeader(tenant), query: { ...given(filter), format } };
  await save(`calls.${format}`, api.GET('/v1/calls/export', { params, parseAs: 'blob' }));
}

/** Saves what was used, by day or month and app. */
export async function saveUsage(
  tenant: string,
  filter: NumbersFilter,
  group: 'day' | 'month',
  format: ExportFormat,
): Promise<void> {
  const params = { header: tenantHeader(tenant), query: { ...given(filter), group, format } };
  await save(`usage.${format}`, api.GET('/v1/usage/export', { params, parseAs: 'blob' }));
}

/** Saves what every tenant used in a month, `YYYY-MM`. */
export async function saveTenantUsage(month: string, format: ExportFormat): Promise<void> {
  const params = { query: { month, format } };
  await save(
    `usage-${month}.${format}`,
    api.GET('/v1/operator/usage/export', { params, parseAs: 'blob' }),
  );
}

/** Saves all that is known of a recording but its pictures and sound. */
export async function saveEvidence(tenant: string, recording_id: string): Promise<void> {
  const params = { header: tenantHeader(tenant), path: { recording_id } };
  await save(
    `evidence-${recording_id}.json`,
    api.GET('/v1/recordings/{recording_id}/evidence', { params, parseAs: 'blob' }),
  );
}

/** Hands an answer to the browser as a file. */
async function save(name: string, answer: Promise<{ data?: Blob | undefined }>): Promise<void> {
  const { data = new Blob() } = await answer;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(data);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
