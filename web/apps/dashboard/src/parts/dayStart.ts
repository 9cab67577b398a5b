import { momentOf } from './momentOf';

/**
 * When a day begins by the clock of a time zone: RFC 3339, UTC.
 *
 * `date` is `YYYY-MM-DD`, `zone` an IANA name. Where a change of the clock leaves out midnight, it is
 * the moment of the change.
 */
export function dayStart(date: string, zone: string): string {
  return momentOf(`${date}T00:00`, zone);
}
