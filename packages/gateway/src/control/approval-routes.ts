import { type Context, Hono } from 'hono';
import type { AnswerOutcome, AnswerProblem } from '../approvals/answer.js';
import type { ApprovalDesk } from '../approvals/approval-desk.js';
import type { ViewApproval } from '../approvals/approval-viewer.js';
import { writeObject } from '../lib/json/members.js';
import type { Hold, HoldState, Vote } from '../model/hold.js';
import type { Outcome } from '../model/outcome.js';
import type { Principal, Role } from '../model/principal.js';
import { keptOutcome } from '../pipeline/kept-outcome.js';
import { approvalStream, type StreamSource } from './approval-stream.js';
import { withRole } from './authenticated.js';
import type { ControlVariables } from './control-variables.js';
import { holdJson, ownHoldJson } from './hold-json.js';
import { type Problem, problem } from './problem.js';
import { BodyFault, readObject } from './read-object.js';

export interface ApprovalSource extends StreamSource {
  readonly approvals: Pick<ApprovalDesk, 'hear' | 'find' | 'list' | 'answer' | 'cancel' | 'resultOf'>;
  readonly viewApproval: ViewApproval;
}

type Asked = Context<ControlVariables>;

const overseers: ReadonlySet<Role> = new Set(['approver', 'auditor', 'operator', 'admin']);
const states = ['pending', 'approved', 'denied', 'expired', 'cancelled', 'stale', 'used'] as const;
const known = new Set(['state', 'caller', 'before', 'limit']);
const longestPage = 1000;

/**
 * `/v1/approvals`: what waits for people, and their answers. Whoever asked sees what is their own; who may answer is the
 * desk's to say, for it records who tried.
 */
export function approvalRoutes({ approvals, viewApproval, clock }: ApprovalSource): Hono<ControlVariables> {
  const app = new Hono<ControlVariables>();
  app.get('/', (context) => {
    const filter = readFilter(context.req.queries());
    if ('fault' in filter)
      return problem(context, { status: 400, code: 'invalid_query', detail: filter.fault });
    const { tenant, id } = context.get('principal');
    const own = isOverseer(context.get('principal')) ? {} : { caller: id };
    const holds = approvals.list({ ...filter, ...own, tenant });
    const next = holds.length === filter.limit ? { next: holds.at(-1)?.id } : {};
    return context.json({ approvals: holds.map((hold) => shown(hold, context)), ...next });
  });
  app.get('/stream', withRole([...overseers]), approvalStream({ approvals, clock }));
  app.get('/:id', (context) => {
    const hold = visible(context, approvals);
    return hold === undefined ? noSuchHold(context) : context.json(shown(hold, context));
  });
  app.get('/:id/view', withRole([...overseers]), async (context) => {
    const hold = visible(context, approvals);
    return hold === undefined ? noSuchHold(context) : context.json(await viewApproval(hold));
  });
  app.get('/:id/result', (context) => resultReply(context, approvals));
  app.post('/:id/approve', (context) => answer(context, 'approve', approvals));
  app.post('/:id/deny', (context) => answer(context, 'deny', approvals));
  app.post('/:id/cancel', async (context) => {
    const principal = context.get('principal');
    const hold = visible(context, approvals);
    if (hold === undefined) return noSuchHold(context);
    if (hold.caller !== principal.id && !principal.roles.some((role) => ['operator', 'admin'].includes(role)))
      return problem(context, {
        status: 403,
        code: 'forbidden',
        detail: 'A hold is cancelled by its caller, or by an operator.',
      });
    if (await approvals.cancel(hold.id, principal.id))
      return context.json(shown(approvals.find(hold.id) ?? hold, context));
    return problem(context, { status: 409, code: 'decided', detail: 'The hold is over already.' });
  });
  return app;
}

/** What a call returned that the gateway made for its caller; for the caller, and for those who may audit. */
function resultReply(context: Asked, approvals: ApprovalSource['approvals']): Response {
  const { id, roles } = context.get('principal');
  const hold = visible(context, approvals);
  const mayRead = hold?.caller === id || roles.some((role) => role === 'auditor' || role === 'admin');
  if (hold === undefined || !mayRead) return noSuchHold(context);
  const kept = approvals.resultOf(hold.id);
  if (kept === undefined) {
    const detail = `The hold is ${hold.state}, and there is no result of it.`;
    return problem(context, { status: 409, code: 'no_result', detail });
  }
  const outcome = keptOutcome(kept, hold.usedBy ?? '');
  const text = writeObject([
    ['id', JSON.stringify(hold.id)],
    ['call', JSON.stringify(outcome.callId)],
    ['outcome', JSON.stringify(outcome.kind)],
    outcome.kind === 'completed'
      ? ['result', outcome.result.text]
      : ['error', JSON.stringify(errorIn(outcome))],
  ]);
  return context.body(text, 200, { 'Content-Type': 'application/json' });
}

function errorIn(outcome: Outcome): object {
  if (outcome.kind === 'refused') return { code: outcome.refusal.code, message: outcome.refusal.message };
  return outcome.kind === 'errored' ? { code: outcome.error.code, message: outcome.error.message } : {};
}

async function answer(
  context: Asked,
  verdict: Vote['verdict'],
  approvals: ApprovalSource['approvals'],
): Promise<Response> {
  const body = await readAnswer(context);
  if (body instanceof BodyFault)
    return problem(context, { status: 400, code: 'invalid_body', detail: body.message });
  const id = context.req.param('id') ?? '';
  const outcome = await approvals.answer(id, {
    by: context.get('principal'),
    verdict,
    channel: 'rest',
    seen: body.bind ?? approvals.find(id)?.bind ?? '',
    note: body.note,
  });
  return answered(context, outcome);
}

function answered(context: Asked, outcome: AnswerOutcome): Response {
  if (outcome.kind === 'taken') return context.json(shown(outcome.hold, context));
  const { problem: code, message } = outcome;
  return problem(context, { status: statuses[code], code, detail: message });
}

const statuses: Record<AnswerProblem, Problem['status']> = {
  unknown: 404,
  forbidden: 403,
  note_missing: 400,
  decided: 409,
  expired: 409,
  changed: 409,
  voted: 409,
  unrecorded: 503,
};

interface AnswerBody {
  readonly bind?: string | undefined;
  readonly note?: string | undefined;
}

/** `decided_by` is taken and not believed: who answers is whose key it is. */
async function readAnswer(context: Asked): Promise<AnswerBody | BodyFault> {
  const body = await readObject(context, ['bind', 'note', 'decided_by']);
  if (body instanceof BodyFault) return body;
  const odd = Object.entries(body).find(([, value]) => typeof value !== 'string' || value.length > 4096);
  if (odd !== undefined) return new BodyFault(`${odd[0]} must be a text of at most 4096 characters.`);
  return body as AnswerBody;
}

function shown(hold: Hold, context: Asked): object {
  return isOverseer(context.get('principal')) ? holdJson(hold) : ownHoldJson(hold);
}

function isOverseer({ roles }: Principal): boolean {
  return roles.some((role) => overseers.has(role));
}

function visible(context: Asked, approvals: ApprovalSource['approvals']): Hold | undefined {
  const principal = context.get('principal');
  const hold = approvals.find(context.req.param('id') ?? '');
  if (hold === undefined || hold.tenant !== principal.tenant) return undefined;
  return isOverseer(principal) || hold.caller === principal.id ? hold : undefined;
}

function noSuchHold(context: Asked): Response {
  return problem(context, { status: 404, code: 'unknown', detail: 'There is no such hold.' });
}

interface Page {
  readonly state?: HoldState;
  readonly caller?: string;
  readonly before?: string;
  readonly limit: number;
}

function readFilter(given: Readonly<Record<string, readonly string[]>>): Page | { fault: string } {
  const stranger = Object.keys(given).find((name) => !known.has(name));
  if (stranger !== undefined)
    return { fault: `"${stranger}" is no filter; there are ${[...known].join(', ')}.` };
  const odd = Object.entries(given).find(([, values]) => values.length !== 1 || values[0] === '');
  if (odd !== undefined) return { fault: `${odd[0]} must be given once and with a value.` };
  const {
    state,
    limit: text = '100',
    ...rest
  } = Object.fromEntries(Object.entries(given).map(([name, [value = '']]) => [name, value]));
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > longestPage)
    return { fault: `limit is "${text}"; it is a whole number from 1 to ${longestPage}.` };
  const wanted = states.find((one) => one === state);
  if (state !== undefined && wanted === undefined)
    return { fault: `state is "${state}"; it is one of ${states.join(', ')}.` };
  return { ...rest, limit, ...(wanted === undefined ? {} : { state: wanted }) };
}
