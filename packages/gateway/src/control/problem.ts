import type { Context } from 'hono';

export interface Problem {
  readonly status: 400 | 401 | 403 | 404 | 409 | 429 | 500 | 503;
  readonly code: string;
  readonly detail: string;
  readonly headers?: Record<string, string>;
}

/** An `application/problem+json` reply (RFC 9457) with our code beside the standard members. */
export function problem(context: Context, { status, code, detail, headers }: Problem): Response {
  return context.body(JSON.stringify({ type: 'about:blank', status, code, detail }), status, {
    'Content-Type': 'application/problem+json',
    ...headers,
  });
}
