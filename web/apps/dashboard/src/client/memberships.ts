import type { Me } from '../api/me';
import type { Membership } from '../api/tenant';

/** The tenants of somebody; none before the server tells them. */
export function membershipsOf(me: Me): readonly Membership[] {
  const { memberships } = me as Me & { readonly memberships?: readonly Membership[] };
  return memberships ?? [];
}
