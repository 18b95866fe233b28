import { type Context, Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { ApprovalDesk } from '../approvals/approval-desk.js';
import { writeObject } from '../lib/json/members.js';
import type { Hold, Vote } from '../model/hold.js';
import type { Outcome } from '../model/outcome.js';
import type { Principal } from '../model/principal.js';
import type { ControlVariables } from './control-variables.js';
import { argumentsOf } from './hold-json.js';
import { problem } from './problem.js';

export interface CompatHoldSource {
  readonly approvals: Pick<ApprovalDesk, 'find' | 'list' | 'answer'>;
  /** Makes the call of an approved hold; undefined where its caller has made it. */
  readonly carryOut: (hold: Hold) => Promise<Outcome | undefined>;
  /** Whether it is the configured token; `unset` where none is. Records what is wrong. */
  readonly checkAdminToken: (authorization: string | undefined, source: string) => Promise<AdminToken>;
}

export type AdminToken = 'right' | 'wrong' | 'unset';

type Asked = Context<ControlVariables>;

/** Whoever has the token: one person, as far as anybody can tell. */
const admin: Principal = {
  id: 'admin-token',
  credential: 'token:admin',
  tenant: 'default',
  roles: ['approver'],
  labels: {},
};

const mostListed = 1000;

/** `/admin/holds`, as mcp-governance-proxy documents it, with the bearer token of its mended version. */
export function compatHoldRoutes(source: CompatHoldSource): Hono<ControlVariables> {
  const app = new Hono<ControlVariables>();
  const { approvals } = source;
  app.use('*', withAdminToken(source.checkAdminToken));
  app.get('/', (context) => {
    const holds = approvals.list({ tenant: admin.tenant, state: 'pending', limit: mostListed });
    return context.json({ holds: holds.toReversed().map(listed) });
  });
  app.post('/:id/approve', (context) => answer(context, source, 'approve'));
  app.post('/:id/reject', (context) => answer(context, source, 'deny'));
  return app;
}

function withAdminToken(check: CompatHoldSource['checkAdminToken']) {
  return createMiddleware<ControlVariables>(async (context, next) => {
    const source = context.env.incoming.socket.remoteAddress ?? 'unknown';
    const token = await check(context.req.header('authorization'), source);
    if (token === 'right') return next();
    if (token === 'unset') {
      const detail = 'No token is configured for /admin/holds; set approvals.adminToken.';
      return problem(context, { status: 503, code: 'not_configured', detail });
    }
    return problem(context, {
      status: 401,
      code: 'not_authenticated',
      detail: 'Send the configured token as "Authorization: Bearer TOKEN".',
      headers: { 'WWW-Authenticate': 'Bearer realm="sallyport-admin"' },
    });
  });
}

async function answer(
  context: Asked,
  { approvals, carryOut }: CompatHoldSource,
  verdict: Vote['verdict'],
): Promise<Response> {
  const id = context.req.param('id') ?? '';
  const seen = approvals.find(id)?.bind ?? '';
  const outcome = await approvals.answer(id, { by: admin, verdict, channel: 'admin-holds', seen });
  if (outcome.kind === 'taken') {
    if (verdict === 'deny') return context.json({ status: 'rejected', hold_id: id });
    const made = outcome.hold.state === 'approved' ? await carryOut(outcome.hold) : undefined;
    if (made === undefined) return context.json({ status: outcome.hold.state, hold_id: id });
    return context.body(outcomeText(made, outcome.hold), 200, { 'Content-Type': 'application/json' });
  }
  const { problem: code, message } = outcome;
  if (code === 'forbidden') return problem(context, { status: 403, code, detail: message });
  if (code === 'unrecorded') return problem(context, { status: 503, code, detail: message });
  return problem(context, { status: 404, code: 'unknown', detail: message });
}

/** The dictionary form of a call outcome. */
function outcomeText(made: Outcome, hold: Hold): string {
  const evaluation = { allow: true, hold: false, reason: hold.reason, metadata: { rule: hold.rule } };
  return writeObject([
    ['status', JSON.stringify(made.kind === 'completed' ? 'executed' : 'failed')],
    ['result', made.kind === 'completed' ? made.result.text : JSON.stringify({ error: sentenceOf(made) })],
    ['evaluation', JSON.stringify(evaluation)],
    ['request_id', JSON.stringify(made.callId)],
    ['hold_id', JSON.stringify(hold.id)],
  ]);
}

function sentenceOf(made: Outcome): string {
  if (made.kind === 'refused') return made.refusal.message;
  return made.kind === 'errored' ? made.error.message : `The call did not succeed (${made.kind}).`;
}

function listed(hold: Hold): object {
  const { id, target, caller, reason, rule, upstream, createdAt } = hold;
  const metadata = { rule, upstream, created_at: createdAt / 1000 };
  return { id, tool: target, arguments: argumentsOf(hold), client_id: caller, reason, metadata };
}
