import type { Context, Hono } from 'hono';
import type { Log } from '../../model/log.js';
import type { Principal } from '../../model/principal.js';
import type { ControlVariables } from '../control-variables.js';
import { admit, type Doors } from './admit.js';
import { checkInput } from './check-input.js';
import type { IdempotencyKeys, KeyedRequest } from './idempotency.js';
import { type KeptReply, Problem, problemReply } from './problem.js';
import { readBody } from './read-body.js';
import { type AnyReply, isAnsweredOnce, type Route, type WholeReply } from './route.js';

export interface Serving extends Doors {
  readonly idempotency: IdempotencyKeys;
  readonly log: Log;
}

type Asked = Context<ControlVariables>;
type Document = Awaited<ReturnType<typeof readBody>>;

/** Serves a route: who asks, what they ask, the same answer to the same POST, and the answer as it goes out. */
export function serveRoute(app: Hono<ControlVariables>, route: Route, serving: Serving): void {
  app.on(route.method.toUpperCase(), honoPath(route.path), async (context) => {
    try {
      const principal = await admit(context, route, serving);
      const hasBody = route.method !== 'get' && route.method !== 'delete';
      const document = await readBody(context.req, hasBody ? route.longestBody : 0);
      if (!isAnsweredOnce(route)) return toResponse(await handled(context, route, { principal, document }));
      return await once(context, { route, serving, principal, document });
    } catch (cause) {
      return toResponse(told(cause, context, serving.log));
    }
  });
}

/** `/v1/keys/{id}` as the router writes it. */
export function honoPath(path: string): string {
  return path.replaceAll(/\{([^}]+)\}/g, ':$1');
}

/** Any failure as a reply; what is no Problem is logged and not told. */
export function told(cause: unknown, context: Asked, log: Log): KeptReply {
  const request = context.get('requestId');
  if (cause instanceof Problem) return problemReply(cause, request);
  log.error({ err: cause, path: context.req.path, request }, 'a control request failed');
  return problemReply(new Problem('internal', 'The request failed inside the gateway.'), request);
}

interface Post {
  readonly route: Route;
  readonly serving: Serving;
  readonly principal: Principal;
  readonly document: Document;
}

async function once(context: Asked, { route, serving, principal, document }: Post): Promise<Response> {
  const key = keyIn(context);
  if (key === undefined) return toResponse(await handled(context, route, { principal, document }));
  const { method, url } = context.req;
  const { pathname, search } = new URL(url);
  const asked: KeyedRequest = { key, principal, method, target: pathname + search, body: document.text };
  const before = serving.idempotency.begin(asked);
  if (before !== undefined) return toResponse(again(before, context));
  let reply: KeptReply | undefined;
  try {
    const input = read(context, route, document);
    const attempt = serving.idempotency.attemptOf(asked);
    reply = await answered(context, () => route.handle({ principal, ...input, attempt }), serving.log);
    return toResponse(reply);
  } finally {
    serving.idempotency.finish(asked, reply);
  }
}

/** A problem that the route itself found is its answer; what could not even be read is none, and may be mended. */
async function answered(
  context: Asked,
  handle: () => AnyReply | Promise<AnyReply>,
  log: Log,
): Promise<KeptReply> {
  try {
    const reply = await handle();
    if ('response' in reply) throw new TypeError('a POST that is answered once cannot answer with a stream');
    return kept(reply);
  } catch (cause) {
    return told(cause, context, log);
  }
}

/** The same answer; the number of this request, not of the first. */
function again({ status, headers, text }: KeptReply, context: Asked): KeptReply {
  const request = context.get('requestId');
  const mended =
    headers['Content-Type'] === 'application/problem+json'
      ? JSON.stringify({ ...(JSON.parse(text) as object), request_id: request })
      : text;
  return { status, headers: { ...headers, 'Idempotency-Replayed': 'true' }, text: mended };
}

interface ReadSoFar {
  readonly principal: Principal;
  readonly document: Document;
}

async function handled(
  context: Asked,
  route: Route,
  { principal, document }: ReadSoFar,
): Promise<Response | KeptReply> {
  const reply = await route.handle({ principal, ...read(context, route, document) });
  return 'response' in reply ? reply.response : kept(reply);
}

function read(context: Asked, route: Route, document: Document) {
  const queries = Object.entries(context.req.queries());
  const odd = queries.find(([, values]) => values.length !== 1 || values[0] === '');
  if (odd !== undefined)
    throw new Problem('invalid_query', `${odd[0].slice(0, 60)} must be given once and with a value.`);
  const given = Object.fromEntries(queries.map(([name, [value]]) => [name, value]));
  return {
    params: context.req.param() as Record<string, string>,
    query: checkInput(route.query, given, 'invalid_query'),
    body: checkInput(route.body, document.value, 'invalid_body'),
    document,
    requestId: context.get('requestId'),
    context,
  };
}

function keyIn(context: Asked): string | undefined {
  const key = context.req.header('idempotency-key');
  if (key === undefined || /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new Problem(
    'invalid_header',
    'Idempotency-Key must be 1 to 255 visible ASCII characters without spaces.',
  );
}

function kept({ status, headers, body, text, isUndone }: Exclude<AnyReply, WholeReply>): KeptReply {
  const json = text ?? (body === undefined ? undefined : JSON.stringify(body));
  return {
    status,
    headers: { ...(json === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
    text: json ?? '',
    isUndone,
  };
}

function toResponse(reply: KeptReply | Response): Response {
  if (reply instanceof Response) return reply;
  const { status, headers, text } = reply;
  return new Response(status === 204 || text === '' ? null : text, { status, headers: { ...headers } });
}
