import type { i18n } from 'i18next';

/** Every act of the audit log that has words. */
export const KNOWN_ACTS = [
  'api_key.created',
  'api_key.deleted',
  'app.changed',
  'app.created',
  'app.deleted',
  'app.purged',
  'app.restored',
  'ban.created',
  'ban.lifted',
  'invitation.cancelled',
  'invitation.created',
  'invitation.resent',
  'key.created',
  'key.revoked',
  'key.rotated',
  'key.secret_shown',
  'mail.retried',
  'member.joined',
  'member.removed',
  'member.role_changed',
  'session.revoked',
  'tenant.changed',
  'tenant.created',
  'tenant.deleted',
  'tenant.restored',
  'tenant.resumed',
  'tenant.suspended',
  'user.changed',
  'user.password_changed',
  'user.password_reset',
  'user.recovery_code_used',
  'user.recovery_codes_rotated',
  'user.second_factor_disabled',
  'user.second_factor_enabled',
  'user.sessions_revoked',
] as const;

/** An act in words; its code where there are none yet. */
export function actText({ t }: i18n, action: string): string {
  const known = KNOWN_ACTS.find((candidate) => candidate === action);
  return known ? t(`act.${known}`) : action;
}
