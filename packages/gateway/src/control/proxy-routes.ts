import { proxyCallSchema, proxyToolsSchema, toolResultSchema } from '#contract';
import { membersOf, writeObject } from '../lib/json/members.js';
import type { LimitRoom } from '../model/call.js';
import { aliasOf } from '../model/hold.js';
import type { JsonObjectText } from '../model/json.js';
import type { Outcome, Suspended } from '../model/outcome.js';
import type { Role } from '../model/principal.js';
import { Refusal } from '../model/refusal.js';
import type { Tool } from '../model/tool.js';
import type { GovernCall } from '../pipeline/govern-call.js';
import type { GovernListing } from '../pipeline/govern-listing.js';
import { arrivalOf, type CallSource, callerIn, callOf, longestCall } from './proxy-call.js';
import { refusalProblem } from './refusal-problem.js';
import { limitHeaders, Problem } from './rest/problem.js';
import { type Route, route } from './rest/route.js';

export interface ProxySource extends CallSource {
  readonly govern: GovernCall;
  readonly governListing: GovernListing;
}

const resource = 'proxy';
const callers: readonly Role[] = ['agent', 'admin'];

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
  'not_confirmed',
  'approval_unavailable',
  'audit_unavailable',
  'credential_unavailable',
  'upstream_unavailable',
  'upstream_timeout',
  'result_blocked',
  'idempotency_lost',
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
      let room: () => LimitRoom | undefined = () => undefined;
      const call = callOf(caller, asked, source);
      const outcome = await source.govern({
        ...call,
        onAdmitted: (now) => {
          room = now;
        },
      });
      const text = textOf(outcome);
      return { status: 200, text, isUndone: outcome.kind === 'suspended', headers: roomHeaders(room()) };
    },
  );
}

function roomHeaders(room: LimitRoom | undefined): Record<string, string> {
  if (room === undefined) return {};
  const { max: limit, left: remaining, easesInMs } = room;
  return limitHeaders({ limit, remaining, resetSeconds: easesInMs / 1000 });
}

/** Throws Problem for every outcome that is no answer of the tool. */
function textOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'completed':
      return resultText(outcome.result);
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

/** What the tool answered, as it came, but never as a held call: that nothing was sent is for the gateway to say. */
function resultText({ text, value }: JsonObjectText): string {
  const posesAsHeld = value.status === heldStatus;
  const dropped = posesAsHeld ? ['resultType', ...heldMembers] : ['resultType'];
  return writeObject(membersOf(text).filter(([name]) => !dropped.includes(name)));
}

const heldStatus = 'approval_required';
const heldMembers = ['status', 'request_id', 'reason', 'message'];

/** Nothing was sent; the same call made again is this one. */
function heldText({ hold }: Suspended): string {
  const message =
    'A person must approve this call; it was not sent. Make the same call again once it is approved.';
  const told = { status: heldStatus, request_id: aliasOf(hold), reason: hold.reason, message };
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
