import { compatAnswerSchema, compatHoldsSchema } from '#contract';
import type { AnswerProblem } from '../approvals/answer.js';
import type { ApprovalDesk } from '../approvals/approval-desk.js';
import { writeObject } from '../lib/json/members.js';
import type { Hold } from '../model/hold.js';
import type { Outcome } from '../model/outcome.js';
import { argumentsOf } from './hold-json.js';
import { Problem } from './rest/problem.js';
import { type Route, route } from './rest/route.js';

export interface CompatHoldSource {
  readonly approvals: Pick<ApprovalDesk, 'find' | 'list' | 'answer'>;
  /** Makes the call of an approved hold; undefined where its caller has made it. */
  readonly carryOut: (hold: Hold) => Promise<Outcome | undefined>;
}

const mostListed = 1000;
const common = { resource: 'compatibility', access: 'admin-token' } as const;

/** `/admin/holds`, as mcp-governance-proxy documents it, with the bearer token of its mended version. */
export function compatHoldRoutes(source: CompatHoldSource): Route[] {
  return [
    route(
      {
        ...common,
        method: 'get',
        path: '/admin/holds',
        id: 'listCompatHolds',
        summary: 'What waits for a person, oldest first',
        replies: { 200: compatHoldsSchema },
      },
      ({ principal: { tenant } }) => {
        const holds = source.approvals.list({ tenant, state: 'pending', limit: mostListed });
        return { status: 200, body: { holds: holds.toReversed().map(listed) } };
      },
    ),
    answerRoute(source, 'approve'),
    answerRoute(source, 'reject'),
  ];
}

function answerRoute({ approvals, carryOut }: CompatHoldSource, word: 'approve' | 'reject'): Route {
  const verdict = word === 'approve' ? 'approve' : 'deny';
  return route(
    {
      ...common,
      method: 'post',
      path: `/admin/holds/{id}/${word}`,
      id: word === 'approve' ? 'approveCompatHold' : 'rejectCompatHold',
      summary: word === 'approve' ? 'Says yes, and makes the call' : 'Says no',
      replies: { 200: compatAnswerSchema },
      problems: ['forbidden', 'unknown', 'unrecorded'],
    },
    async ({ principal, params: { id } }) => {
      const seen = approvals.find(id)?.bind ?? '';
      const outcome = await approvals.answer(id, {
        by: principal,
        verdict,
        channel: 'admin-holds',
        seen,
        isFresh: true,
      });
      if (outcome.kind === 'refused') throw refusal(outcome.problem, outcome.message);
      if (verdict === 'deny') return { status: 200, body: { status: 'rejected', hold_id: id } };
      const made = outcome.hold.state === 'approved' ? await carryOut(outcome.hold) : undefined;
      if (made === undefined) return { status: 200, body: { status: outcome.hold.state, hold_id: id } };
      return { status: 200, text: outcomeText(made, outcome.hold) };
    },
  );
}

/** Whoever documented it knows no other reason than that there is no such hold. */
function refusal(problem: AnswerProblem, message: string): Problem {
  return new Problem(problem === 'forbidden' || problem === 'unrecorded' ? problem : 'unknown', message);
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

function listed(hold: Hold) {
  const { id, target, caller, reason, rule, upstream, createdAt } = hold;
  const metadata = { rule, upstream, created_at: createdAt / 1000 };
  return { id, tool: target, arguments: argumentsOf(hold), client_id: caller, reason, metadata };
}
