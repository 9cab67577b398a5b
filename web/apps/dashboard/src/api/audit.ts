/** One line of the log of what was done. */
export interface AuditEvent {
  readonly id: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly actor_kind: 'user' | 'operator' | 'api_key' | 'system';
  readonly actor_name: string;
  /** `member.invited`, `key.created` … */
  readonly action: string;
  readonly target_kind: string;
  readonly target_id: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly address: string | null;
  readonly request_id: string | null;
}
