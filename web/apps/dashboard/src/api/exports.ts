import { api } from './api';
import { tenantHeader } from './tenant';

type Loose = (
  method: 'get',
  path: string,
  init: object,
) => Promise<{ data?: Blob; response: Response }>;

/** Asks for a table as CSV and hands it to the browser as a file. */
export async function saveCsv(
  path: string,
  name: string,
  query: Readonly<Record<string, string | undefined>>,
  tenant?: string,
): Promise<void> {
  const given = Object.entries({ ...query, format: 'csv' }).filter(([, value]) => Boolean(value));
  const { data } = await (api.request as unknown as Loose)('get', path, {
    params: {
      query: Object.fromEntries(given),
      header: tenant ? tenantHeader(tenant) : {},
    },
    parseAs: 'blob',
  });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(data ?? new Blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
