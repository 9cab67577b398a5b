import { beforeEach, expect, it } from 'vitest';
import type { Me } from '../api/me';
import { rememberTenant, startTenant } from './lastTenant';

const me = (...tenants: readonly string[]) =>
  ({ memberships: tenants.map((tenant_id) => ({ tenant_id })) }) as unknown as Me;

beforeEach(() => localStorage.clear());

it('begins at the first tenant', () => {
  expect(startTenant(me('ten_klinik', 'ten_toko'))).toBe('ten_klinik');
});

it('begins where the person was last', () => {
  rememberTenant('ten_toko');
  expect(startTenant(me('ten_klinik', 'ten_toko'))).toBe('ten_toko');
});

it('forgets a tenant that the person left', () => {
  rememberTenant('ten_gone');
  expect(startTenant(me('ten_klinik'))).toBe('ten_klinik');
  expect(startTenant(me())).toBeUndefined();
});
