import { proxyCallSchema, proxyToolsSchema, toolResultSchema } from '#contract';
import { Cancellation } from '../lib/cancellation.js';
import type { Clock } from '../lib/clock.js';
import { newId } from '../lib/ids.js';
import { membersOf, writeObject } from '../lib/json/members.js';
import type { Arrival, Call } from '../model/call.js';
import type { JsonObjectText } from '../model/json.js';
import type { Outcome, Suspended } from '../model/outcome.js';
import type { Principal, Role } from '../model/principal.js';
import { Refusal } from '../model/refusal.js';
import type { Tool } from '../model/tool.js';
import type { GovernCall } from '../pipeline/govern-call.js';
import type { GovernListing } from '../pipeline/govern-listing.js';
import { refusalProblem } from './refusal-problem.js';
import { Problem } from './rest/problem.js';
import { type Asked, type Route, route } from './rest/route.js';

export interface ProxySource {
  readonly govern: GovernCall;
  readonly governListing: GovernListing;
  /** The caller in the session of this token, or in one that does not count. */
  readonly inSession: (principal: Principal, token: string) => Principal;
  /** Whether calls that name no session have one all the same. */
  readonly hasAutomaticSessions: () => boolean;
  /** The exposed name of a tool of this caller's tenant, called by it, by its own name or as `upstream.name`. */
  readonly exposedName: (name: string, principal: Principal) => string;
  readonly clock: Clock;
}

const resource = 'proxy';
const callers: readonly Role[] = ['agent', 'admin'];
const longestCall = 4 * 1024 * 1024;
const noMeta: ReadonlyMap<string, string> = new Map();

const refusals = [
  'kill_switch',
  'session_invalid',
  'scope_missing',
  'unknown_target',
  'invalid_arguments',
  'target_changed',
  'rate_limited',
  'concurrency_limited',
  'repeated_call',
  'denied',
  'approval_denied',
  'approval_expired',
  'budget_exhausted',
  'credential_unavailable',
  'upstream_unavailable',
  'upstream_timeout',
  'result_blocked',
] as const;

/** `/v1/proxy`: tools for programs that speak no MCP. Calls take the same path as those that do. */
export function proxyRoutes(source: ProxySource): Route[] {
  return [callRoute(source), toolsRoute(source)];
}

function callRoute(source: ProxySource): Route {
  return route(
    {
      method: 'post',
      path: '/v1/proxy/call',
      id: 'callTool',
      resource,
      needs: 'tools:call',
      summary: 'Calls a tool in a session',
      description:
        "What policy refuses is 403; a tool's own error is 200 with isError. A call that waits for a person is 200 with the status approval_required: make it again when it is approved.",
      access: callers,
      refusesStopped: true,
      body: proxyCallSchema,
      longestBody: longestCall,
      replies: { 200: toolResultSchema },
      problems: refusals,
    },
    async (asked) => {
      const { principal, body } = asked;
      const caller = callerIn(principal, body.session_id, source);
      const outcome = await source.govern(callOf(caller, asked, source));
      return { status: 200, text: textOf(outcome), isUndone: outcome.kind === 'suspended' };
    },
  );
}

function callerIn(principal: Principal, token: string | undefined, source: ProxySource): Principal {
  if (token !== undefined) return source.inSession(principal, token);
  if (principal.session !== undefined || source.hasAutomaticSessions()) return principal;
  const detail = 'is missing; open a session with POST /v1/sessions';
  throw new Problem('invalid_body', `session_id: ${detail}`, { errors: [{ path: 'session_id', detail }] });
}

type AskedCall = Pick<
  Asked<string, Record<never, never>, typeof proxyCallSchema>,
  'body' | 'document' | 'context'
>;

function callOf(principal: Principal, { body, document, context }: AskedCall, source: ProxySource): Call {
  const signal = new Cancellation();
  context.req.raw.signal.addEventListener('abort', () => signal.abort());
  return {
    id: newId(),
    at: source.clock.now(),
    method: 'tools/call',
    principal,
    arrival: arrivalOf(context),
    kind: 'tool',
    target: source.exposedName(body.tool, principal),
    // As they came: integers beyond 2^53 and the order of names survive.
    args: document.member('arguments') as JsonObjectText | undefined,
    meta: noMeta,
    signal,
    client: { capabilities: '{}', asker: newId() },
  };
}

function arrivalOf(context: AskedCall['context']): Arrival {
  const source = context.env.incoming.socket.remoteAddress ?? 'unknown';
  return { transport: 'rest', revision: '2026-07-28', source };
}

/** Throws Problem for every outcome that is no answer of the tool. */
function textOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'completed':
      return writeObject(membersOf(outcome.result.text).filter(([name]) => name !== 'resultType'));
    case 'errored': {
      const { code, message } = outcome.error;
      return JSON.stringify({
        content: [{ type: 'text', text: message }],
        isError: true,
        error: { code, message },
      });
    }
    case 'suspended':
      return heldText(outcome);
    case 'refused':
      throw refusalProblem(outcome.refusal, outcome.callId);
    case 'unknown':
      throw refusalProblem(new Refusal('unknown_target', 'There is no such tool.'), outcome.callId);
    case 'failed':
      throw new Problem('internal', `The call failed inside the gateway; its id is ${outcome.callId}.`);
  }
}

/** Nothing was sent; the same call made again is this one. */
function heldText({ hold }: Suspended): string {
  const message =
    'A person must approve this call; it was not sent. Make the same call again once it is approved.';
  const told = { status: 'approval_required', request_id: hold.id, reason: hold.reason, message };
  return JSON.stringify({ content: [{ type: 'text', text: JSON.stringify(told) }], isError: false, ...told });
}

function toolsRoute({ governListing }: ProxySource): Route {
  return route(
    {
      method: 'get',
      path: '/v1/proxy/tools',
      id: 'listTools',
      resource,
      needs: 'tools:read',
      summary: 'The tools of all upstreams that the caller may use',
      access: callers,
      replies: { 200: proxyToolsSchema },
      problems: ['session_invalid', 'kill_switch', 'audit_unavailable'],
    },
    async ({ principal, context }) => {
      const listing = { list: 'tools', principal, arrival: arrivalOf(context) } as const;
      const tools = await governListing(listing).catch((cause: unknown) => {
        throw cause instanceof Refusal ? refusalProblem(cause) : cause;
      });
      return { status: 200, body: { count: tools.length, tools: tools.map(toolJson) } };
    },
  );
}

function toolJson({ exposedName: name, upstream, definition, inputSchema, annotations }: Tool) {
  const { description } = definition.value;
  return {
    name,
    description: typeof description === 'string' ? description : '',
    upstream,
    inputSchema: { ...inputSchema },
    annotations: { ...annotations },
  };
}
