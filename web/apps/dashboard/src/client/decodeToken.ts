/** One finding of the decoder; `tone` says how much it matters. */
export interface Finding {
  readonly tone: 'danger' | 'attention' | 'good';
  readonly code:
    | 'no_kid'
    | 'no_expiry'
    | 'expired'
    | 'too_long'
    | 'not_yet'
    | 'no_room'
    | 'any_room'
    | 'alg_none'
    | 'fine';
}

/** What stands in a token. */
export interface DecodedToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly findings: readonly Finding[];
}

/** Longest life of a token, seconds, as the server admits it. */
const MAX_LIFETIME_S = 24 * 60 * 60;

/**
 * Reads an access token without checking its signature: only the server has the key.
 *
 * `nowS` is the time in seconds since 1970. `null` when the text is no JSON Web Token.
 */
export function decodeToken(text: string, nowS: number): DecodedToken | null {
  const parts = text.trim().split('.');
  const header = parts.length === 3 ? readPart(parts[0]) : null;
  const claims = parts.length === 3 ? readPart(parts[1]) : null;
  if (!header || !claims) return null;
  const findings = [...headerFindings(header), ...claimFindings(claims, nowS)];
  return {
    header,
    claims,
    findings: findings.length > 0 ? findings : [{ tone: 'good', code: 'fine' }],
  };
}

function* headerFindings(header: DecodedToken['header']): Generator<Finding> {
  if (header.alg === 'none') yield { tone: 'danger', code: 'alg_none' };
  if (typeof header.kid !== 'string') yield { tone: 'attention', code: 'no_kid' };
}

function* claimFindings(claims: DecodedToken['claims'], nowS: number): Generator<Finding> {
  const { exp, nbf, room } = claims;
  if (typeof exp !== 'number') yield { tone: 'danger', code: 'no_expiry' };
  else if (exp <= nowS) yield { tone: 'danger', code: 'expired' };
  else if (exp - nowS > MAX_LIFETIME_S) yield { tone: 'danger', code: 'too_long' };
  if (typeof nbf === 'number' && nbf > nowS) yield { tone: 'attention', code: 'not_yet' };
  if (typeof room !== 'string') yield { tone: 'danger', code: 'no_room' };
  else if (room === '*') yield { tone: 'attention', code: 'any_room' };
}

function readPart(part: string | undefined): Readonly<Record<string, unknown>> | null {
  try {
    const base64 = (part ?? '').replace(/-/g, '+').replace(/_/g, '/');
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
