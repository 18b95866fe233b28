import { answerSchema, approvalSchema, compatDecidedSchema } from '#contract';
import type { Answer, AnswerOutcome, AnswerProblem, RefusedAnswer } from '../approvals/answer.js';
import type { ApprovalDesk } from '../approvals/approval-desk.js';
import type { Clock } from '../lib/clock.js';
import { aliasOf, type Hold, holdIdOf, isAlias, type Vote } from '../model/hold.js';
import { compatStatusOf } from './compat-approval-json.js';
import { shownTo } from './hold-json.js';
import { Problem } from './rest/problem.js';
import { everyRole, type Route, route } from './rest/route.js';
import { isFresh, type ProofSource } from './sign-in/is-fresh.js';

export interface AnswerSource extends ProofSource {
  readonly approvals: Pick<ApprovalDesk, 'find' | 'answer'>;
  /** Takes a yes to other arguments, and makes that call. */
  readonly editCall: EditCall;
  readonly clock: Clock;
}

/** A yes to other arguments, given as JSON text. */
export interface EditedAnswer extends Omit<Answer, 'verdict' | 'instead'> {
  readonly args: string;
}

export type EditCall = (id: string, answer: EditedAnswer) => Promise<AnswerOutcome>;

/** In bytes: arguments of 65,536 characters fit, however they are written. */
const longestAnswer = 524_288;

const answerProblems: AnswerProblem[] = [
  'unknown',
  'forbidden',
  'step_up',
  'note_missing',
  'not_editable',
  'decided',
  'expired',
  'changed',
  'voted',
  'unrecorded',
];

/** Says yes or no to a hold; to one that is named as Haldir does, in its form. */
export function answerRoute(verdict: Vote['verdict'], source: AnswerSource): Route {
  const { approvals, editCall, clock } = source;
  return route(
    {
      resource: 'approvals',
      access: everyRole,
      method: 'post',
      path: `/v1/approvals/{id}/${verdict}`,
      id: `${verdict}Call`,
      needs: 'approvals:decide',
      summary: verdict === 'approve' ? 'Says yes to a held call' : 'Says no to a held call',
      body: answerSchema,
      longestBody: longestAnswer,
      replies: { 200: approvalSchema.or(compatDecidedSchema) },
      problems: answerProblems,
    },
    async ({ principal, params, body, document, context }) => {
      const id = holdIdOf(params.id);
      const args = body.arguments === undefined ? undefined : document.member('arguments')?.text;
      if (args !== undefined && verdict === 'deny')
        throw new Problem('not_editable', 'A call is changed by whoever approves it.');
      const asked = approvals.find(id);
      const fresh = verdict === 'approve' && isFresh(context, asked, source);
      const seen = body.bind ?? asked?.bind ?? '';
      const answer = { by: principal, channel: 'rest', seen, note: body.note, isFresh: fresh };
      const outcome =
        args === undefined
          ? await approvals.answer(id, { ...answer, verdict })
          : await editCall(id, { ...answer, args });
      if (outcome.kind === 'refused') throw refused(outcome, isAlias(params.id));
      const { hold } = outcome;
      return {
        status: 200,
        body: isAlias(params.id) ? decided(verdict, hold, clock.now()) : shownTo(hold, principal),
      };
    },
  );
}

function decided(verdict: Vote['verdict'], hold: Hold, now: number) {
  const status = compatStatusOf(hold, now);
  const told = { request_id: aliasOf(hold), status };
  return verdict === 'deny'
    ? { denied: true as const, ...told }
    : { approved: status === 'approved', ...told };
}

const notThere: ReadonlySet<AnswerProblem> = new Set(['unknown', 'decided', 'expired', 'changed', 'voted']);

/** Haldir answers 400 to whatever cannot be answered (any more). */
function refused({ problem, message }: RefusedAnswer, isCompat: boolean): Problem {
  return new Problem(problem, message, isCompat && notThere.has(problem) ? { status: 400 } : {});
}
