import { z } from 'zod';
import { compatApprovalRequestSchema, compatPendingSchema, compatRequestedSchema } from '#contract';
import type { ApprovalDesk } from '../approvals/approval-desk.js';
import type { Clock } from '../lib/clock.js';
import { formatMicros, microsOf } from '../lib/micros.js';
import { aliasOf, type Hold } from '../model/hold.js';
import type { JsonObjectText } from '../model/json.js';
import type { Outcome } from '../model/outcome.js';
import { Refusal } from '../model/refusal.js';
import type { ApprovalWish, RequestApproval } from '../pipeline/request-approval.js';
import { amountIn, compatPendingJson, compatStatusOf, endOf } from './compat-approval-json.js';
import { mayOversee } from './overseers.js';
import { type AskedInSession, type CallSource, callerIn, callOf, longestCall } from './proxy-call.js';
import { refusalProblem } from './refusal-problem.js';
import { Problem } from './rest/problem.js';
import { everyRole, type Route, route } from './rest/route.js';

export interface CompatApprovalSource extends CallSource {
  readonly approvals: Pick<ApprovalDesk, 'list'>;
  readonly requestApproval: RequestApproval;
  readonly clock: Clock;
}

const mostListed = 1000;
const common = { resource: 'compatibility' } as const;

/** What Haldir documents under `/v1/approvals` for agents that ask before they act, and for whoever looks what waits. */
export function compatApprovalRoutes(source: CompatApprovalSource): Route[] {
  return [requestRoute(source), pendingRoute(source)];
}

function requestRoute(source: CompatApprovalSource): Route {
  return route(
    {
      ...common,
      method: 'post',
      path: '/v1/approvals/request',
      id: 'requestApproval',
      needs: 'tools:call',
      summary: 'Asks a person before something is done',
      description:
        'With arguments a yes is for exactly that call, once: make it with /v1/proxy/call in the same session. Without, the answer is told and opens no call.',
      access: ['agent', 'admin'],
      refusesStopped: true,
      body: compatApprovalRequestSchema,
      longestBody: longestCall,
      replies: { 201: compatRequestedSchema },
      problems: [
        'kill_switch',
        'session_invalid',
        'scope_missing',
        'unknown_target',
        'invalid_arguments',
        'target_changed',
        'denied',
        'approval_unavailable',
        'audit_unavailable',
      ],
    },
    async (asked) => {
      const { principal, body } = asked;
      const caller = callerIn(principal, body.session_id, source);
      const outcome = await source.requestApproval(callOf(caller, asked, source), wishOf(asked));
      return { status: 201, body: requested(holdOf(outcome), source.clock.now()) };
    },
  );
}

function requested(hold: Hold, now: number) {
  return { request_id: aliasOf(hold), status: compatStatusOf(hold, now), ...endOf(hold.until) };
}

/** Throws Problem for what could not be asked. */
function holdOf(outcome: Outcome): Hold {
  if (outcome.kind === 'suspended') return outcome.hold;
  if (outcome.kind === 'refused') throw refusalProblem(outcome.refusal, outcome.callId);
  if (outcome.kind === 'unknown')
    throw refusalProblem(new Refusal('unknown_target', 'There is no such tool.'), outcome.callId);
  throw new Problem('internal', `The request failed inside the gateway; its id is ${outcome.callId}.`);
}

/** Throws Problem for words that say something else than the call that they are about. */
function wishOf({ body, document }: AskedInSession<typeof compatApprovalRequestSchema>): ApprovalWish {
  const { tool, action, amount, reason, ttl } = body;
  const said = microsIn(amount);
  const args = document.member('arguments') as JsonObjectText | undefined;
  const details = document.member('details') as JsonObjectText | undefined;
  if (args !== undefined && details !== undefined)
    throw odd('details', 'people see the arguments themselves; leave them out or send no arguments');
  const own = args === undefined ? said : amountIn(args.value);
  if (document.member('amount') !== undefined && own !== said) {
    const found = own === undefined ? 'nothing of it' : formatMicros(own);
    throw odd('amount', `found ${formatMicros(said)}; the arguments say ${found}. Leave it out`);
  }
  const micros = own ?? 0n;
  const longestMs = ttl * 1000;
  return { tool, action, amount: formatMicros(micros), reason, details: details?.value, longestMs };
}

function microsIn(amount: string | number): bigint {
  const micros = microsOf(amount);
  if (micros === undefined) throw odd('amount', `found ${JSON.stringify(amount)}; expected dollars`);
  return micros;
}

function odd(path: string, detail: string): Problem {
  return new Problem('invalid_body', `${path}: ${detail}`, { errors: [{ path, detail }] });
}

function pendingRoute({ approvals, clock }: CompatApprovalSource): Route {
  return route(
    {
      ...common,
      method: 'get',
      path: '/v1/approvals/pending',
      id: 'listCompatPending',
      needs: 'approvals:read',
      summary: 'What waits for a person: all for those who oversee it, else what the caller asked',
      access: everyRole,
      query: { agent_id: z.string().max(512).optional().describe('of this agent alone') },
      replies: { 200: compatPendingSchema },
    },
    ({ principal, query: { agent_id: agent } }) => {
      const { tenant, id } = principal;
      const own = mayOversee(principal) ? {} : { caller: id };
      const holds = approvals.list({ tenant, state: 'pending', agent, limit: mostListed, ...own });
      const now = clock.now();
      const requests = holds.filter(({ until }) => until > now).map(compatPendingJson);
      return { status: 200, body: { count: requests.length, requests } };
    },
  );
}
