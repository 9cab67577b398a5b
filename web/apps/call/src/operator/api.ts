/** Somebody who is signed in. */
export interface Me {
  readonly email: string;
  readonly name: string;
  readonly isOperator: boolean;
}

/** An app as the operator sees it. */
export interface OperatorApp {
  readonly id: string;
  readonly name: string;
  readonly isDisabled: boolean;
  readonly allowsGuests: boolean;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
}

/** A new app with its first key; the secret is told this once. */
export interface CreatedApp {
  readonly app: OperatorApp;
  readonly keyId: string;
  readonly secret: string;
}

/** The server refused, or could not be reached (`server_unreachable`). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** The stable reason. */
  readonly code: string;
  /** Names the request in the server's log. */
  readonly requestId: string | null;

  constructor(code: string, requestId: string | null, options?: ErrorOptions) {
    super(`the request failed with ${code}`, options);
    this.code = code;
    this.requestId = requestId;
  }
}

export async function fetchMe(): Promise<Me> {
  return parseMe(await request('GET', '/v1/me'));
}

export async function login(email: string, password: string): Promise<Me> {
  return parseMe(await request('POST', '/v1/login', { email, password }));
}

export async function firstLogin(input: {
  readonly token: string;
  readonly email: string;
  readonly name: string;
  readonly password: string;
}): Promise<Me> {
  return parseMe(await request('POST', '/v1/first_login', input));
}

export async function logout(): Promise<void> {
  await request('POST', '/v1/logout');
}

/** Every app, the oldest first; follows the pages of the server. */
export async function fetchApps(): Promise<readonly OperatorApp[]> {
  const apps: OperatorApp[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor ? `?cursor=${encodeURIComponent(cursor)}` : '';
    const page = record(await request('GET', `/v1/operator/apps${query}`));
    apps.push(...(Array.isArray(page.data) ? page.data.map(parseApp) : []));
    cursor = typeof page.next_cursor === 'string' ? page.next_cursor : null;
  } while (cursor);
  return apps;
}

export async function createApp(name: string, allowsGuests: boolean): Promise<CreatedApp> {
  const body = record(
    await request('POST', '/v1/operator/apps', { name, allows_guests: allowsGuests }),
  );
  const key = record(body.key);
  return { app: parseApp(body.app), keyId: text(key.id), secret: text(key.secret) };
}

async function request(method: string, path: string, body?: object): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      ...(body && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
  } catch (cause) {
    throw new ApiError('server_unreachable', null, { cause });
  }
  const answer: unknown = response.status === 204 ? null : await response.json().catch(() => null);
  if (response.ok) return answer;
  const code = record(answer).code;
  throw new ApiError(
    typeof code === 'string' ? code : 'internal',
    response.headers.get('x-request-id'),
  );
}

function parseMe(value: unknown): Me {
  const fields = record(value);
  return {
    email: text(fields.email),
    name: text(fields.name),
    isOperator: fields.is_operator === true,
  };
}

function parseApp(value: unknown): OperatorApp {
  const fields = record(value);
  return {
    id: text(fields.id),
    name: text(fields.name),
    isDisabled: fields.is_disabled === true,
    allowsGuests: fields.allows_guests === true,
    createdAt: text(fields.created_at),
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
