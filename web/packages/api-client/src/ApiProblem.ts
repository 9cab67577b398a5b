/** What the server says when it refuses: RFC 9457 with our stable `code`. */
export interface ProblemBody {
  readonly title?: string;
  readonly code: string;
  /** What is allowed, for developers; in English. */
  readonly detail?: string;
  /** The field of the request that is wrong. */
  readonly field?: string;
}

/** What comes with a refusal besides its body. */
export interface ProblemFacts {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** Names the request in the server's log. */
  readonly requestId: string | null;
  /** How long to wait before trying again, milliseconds. */
  readonly retryAfterMs: number | null;
}

/** The code of a request that got no answer at all. */
export const UNREACHABLE = 'server_unreachable';

/**
 * The server refused a request, or could not be reached.
 *
 * Branch on `code`, it is stable; show `requestId`, it finds the request in the server's log.
 */
export class ApiProblem extends Error implements ProblemFacts {
  override readonly name = 'ApiProblem';
  readonly code: string;
  readonly status: number;
  readonly detail: string | null;
  readonly field: string | null;
  readonly requestId: string | null;
  readonly retryAfterMs: number | null;

  constructor(body: ProblemBody, facts: ProblemFacts, options?: ErrorOptions) {
    super(body.title ?? `the request failed with ${body.code}`, options);
    this.code = body.code;
    this.detail = body.detail ?? null;
    this.field = body.field ?? null;
    this.status = facts.status;
    this.requestId = facts.requestId;
    this.retryAfterMs = facts.retryAfterMs;
  }

  /** Reads a refusal; what is no problem document becomes `internal`. */
  static async read(response: Response): Promise<ApiProblem> {
    const body: unknown = await response.json().catch(() => null);
    return new ApiProblem(parseBody(body), {
      status: response.status,
      requestId: response.headers.get('x-request-id'),
      retryAfterMs: parseRetryAfter(response.headers.get('retry-after')),
    });
  }

  /** No answer came: the network, the server or a proxy is away. */
  static unreachable(cause: unknown): ApiProblem {
    const facts = { status: 0, requestId: null, retryAfterMs: null };
    return new ApiProblem({ code: UNREACHABLE }, facts, { cause });
  }
}

function parseBody(body: unknown): ProblemBody {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const text = (name: string) => {
    const value = fields[name];
    return typeof value === 'string' ? { [name]: value } : {};
  };
  const code = typeof fields.code === 'string' ? fields.code : 'internal';
  return { code, ...text('title'), ...text('detail'), ...text('field') };
}

function parseRetryAfter(header: string | null): number | null {
  const seconds = header === null ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}
