/** What the fake answers: a body, or a status with a problem code, or never. */
export type Answer =
  | { readonly body: unknown; readonly status?: number }
  | { readonly text: string }
  | { readonly problem: string; readonly status: number; readonly field?: string }
  | 'never'
  | 'unreachable';

/** What a screen asked. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly tenant: string | null;
}

type Handler = Answer | ((asked: Asked) => Answer);

/** A server in place of `fetch`: answers by method and path, `GET /v1/me`; `*` stands for one part. */
export class FakeApi {
  /** Every request, the oldest first. */
  readonly asked: Asked[] = [];
  readonly #handlers = new Map<string, Handler>();

  constructor(handlers: Readonly<Record<string, Handler>> = {}) {
    this.on(handlers);
  }

  /** Adds answers; later ones replace earlier ones. */
  on(handlers: Readonly<Record<string, Handler>>): this {
    for (const [route, handler] of Object.entries(handlers)) this.#handlers.set(route, handler);
    return this;
  }

  /** Takes the place of the page's `fetch`. */
  install(): this {
    window.fetch = (input, init) => {
      const url = typeof input === 'string' ? new URL(input, window.location.href) : input;
      return this.#answer(new Request(url, init));
    };
    return this;
  }

  /** The bodies that were sent to a route. */
  sent(route: string): readonly unknown[] {
    return this.asked
      .filter(({ method, path }) => matches(route, `${method} ${path}`))
      .map(({ body }) => body);
  }

  async #answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const text = await request.text();
    const asked: Asked = {
      method: request.method,
      path: url.pathname,
      query: url.searchParams,
      body: text === '' ? null : JSON.parse(text),
      tenant: request.headers.get('x-jumpa-tenant'),
    };
    this.asked.push(asked);
    const answer = this.#find(asked);
    if (answer === 'never') return new Promise(() => undefined);
    if (answer === 'unreachable') throw new TypeError('no network');
    if ('problem' in answer) {
      const { problem: code, status, field } = answer;
      return Response.json(
        { code, status, field },
        { status, headers: { 'x-request-id': REQUEST_ID } },
      );
    }
    if ('text' in answer) return new Response(answer.text);
    if (answer.status === 204) return new Response(null, { status: 204 });
    return Response.json(answer.body, { status: answer.status ?? 200 });
  }

  #find(asked: Asked): Answer {
    const request = `${asked.method} ${asked.path}`;
    const exact = this.#handlers.get(request);
    const [, handler] = exact
      ? [request, exact]
      : ([...this.#handlers].find(([route]) => matches(route, request)) ?? []);
    if (handler === undefined) return { problem: 'not_found', status: 404 };
    return typeof handler === 'function' ? handler(asked) : handler;
  }
}

/** The id under which the fake's refusals stand in the log of the server. */
export const REQUEST_ID = 'req_019a8f3e5c7d7b0e9a51c2d4e6f80a1b';

function matches(route: string, request: string): boolean {
  const parts = route.split('/');
  const given = request.split('/');
  return (
    parts.length === given.length &&
    parts.every((part, index) => part === '*' || part === given[index])
  );
}
