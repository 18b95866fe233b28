import { z } from 'zod';
import {
  approvalPageSchema,
  approvalResultSchema,
  approvalSchema,
  approvalViewSchema,
  compatRequestSchema,
  holdStateSchema,
  pageQuery,
} from '#contract';
import type { ApprovalDesk } from '../approvals/approval-desk.js';
import type { ViewApproval } from '../approvals/approval-viewer.js';
import { writeObject } from '../lib/json/members.js';
import { type Hold, holdIdOf, isAlias } from '../model/hold.js';
import type { Outcome } from '../model/outcome.js';
import type { Principal } from '../model/principal.js';
import { keptOutcome } from '../pipeline/kept-outcome.js';
import { type AnswerSource, answerRoute } from './approval-answer-routes.js';
import { approvalStream, type StreamSource } from './approval-stream.js';
import { compatRequestJson } from './compat-approval-json.js';
import { shownTo } from './hold-json.js';
import { isOwn, mayOversee, overseers } from './overseers.js';
import { Problem } from './rest/problem.js';
import { everyRole, type Route, route } from './rest/route.js';

export interface ApprovalSource extends StreamSource, AnswerSource {
  readonly approvals: Pick<
    ApprovalDesk,
    'hear' | 'find' | 'list' | 'answer' | 'cancel' | 'resultOf' | 'replayed'
  >;
  readonly signIns: StreamSource['signIns'] & AnswerSource['signIns'];
  readonly viewApproval: ViewApproval;
  /** Makes the call of an approved hold; undefined where its caller has made it. */
  readonly carryOut: (hold: Hold) => Promise<Outcome | undefined>;
}

type Approvals = ApprovalSource['approvals'];

const common = { resource: 'approvals', access: everyRole } as const;

/**
 * `/v1/approvals`: what waits for people, and their answers. Whoever asked sees what is their own; who may answer is the
 * desk's to say, for it records who tried.
 */
export function approvalRoutes(source: ApprovalSource): Route[] {
  const { approvals, viewApproval, clock } = source;
  const stream = approvalStream(source);
  return [
    listRoute(approvals),
    route(
      {
        ...common,
        method: 'get',
        path: '/v1/approvals/stream',
        id: 'streamApprovals',
        summary: 'An event for each change of a hold, from now on',
        access: overseers,
        replies: { 200: { description: 'The changes.', contentType: 'text/event-stream' } },
        problems: ['full'],
      },
      ({ context, principal }) => ({ response: stream(context, principal) }),
    ),
    route(
      {
        ...common,
        method: 'get',
        path: '/v1/approvals/{id}',
        id: 'getApproval',
        summary: 'One held call; by an id apr_… in the form of Haldir',
        replies: { 200: approvalSchema.or(compatRequestSchema) },
        problems: ['unknown'],
      },
      ({ principal, params }) => {
        const hold = visible(principal, params.id, approvals);
        const told = { now: clock.now(), isWhole: mayOversee(principal) };
        return {
          status: 200,
          body: isAlias(params.id) ? compatRequestJson(hold, told) : shownTo(hold, principal),
        };
      },
    ),
    viewRoute(approvals, viewApproval),
    resultRoute(approvals),
    answerRoute('approve', source),
    answerRoute('deny', source),
    replayRoute(source),
    cancelRoute(approvals),
  ];
}

function listRoute(approvals: Approvals): Route {
  return route(
    {
      ...common,
      method: 'get',
      path: '/v1/approvals',
      id: 'listApprovals',
      summary: 'Held calls: all for those who oversee them, else those of the caller',
      query: { ...pageQuery, state: holdStateSchema.optional(), caller: z.string().max(512).optional() },
      replies: { 200: approvalPageSchema },
    },
    ({ principal, query: { cursor, ...filter } }) => {
      const { tenant, id, session } = principal;
      const own = mayOversee(principal) ? {} : { caller: id, session: session?.id };
      const page = cursor === undefined ? {} : { before: cursor };
      const holds = approvals.list({ ...filter, ...page, ...own, tenant });
      const last = holds.at(-1);
      const next = holds.length === filter.limit && last !== undefined ? { next_cursor: last.id } : {};
      const body = { count: holds.length, approvals: holds.map((hold) => shownTo(hold, principal)), ...next };
      return { status: 200, body };
    },
  );
}

function viewRoute(approvals: Approvals, viewApproval: ViewApproval): Route {
  return route(
    {
      ...common,
      method: 'get',
      path: '/v1/approvals/{id}/view',
      id: 'viewApproval',
      summary: 'What an approver is shown of a held call',
      access: overseers,
      replies: { 200: approvalViewSchema },
      problems: ['unknown'],
    },
    async ({ principal, params }) => ({
      status: 200,
      body: { ...(await viewApproval(visible(principal, params.id, approvals))) },
    }),
  );
}

/** What a call returned that the gateway made for its caller; for the caller, and for those who may audit. */
function resultRoute(approvals: Approvals): Route {
  return route(
    {
      ...common,
      method: 'get',
      path: '/v1/approvals/{id}/result',
      id: 'getApprovalResult',
      summary: 'What the call returned that the gateway made for its caller',
      replies: { 200: approvalResultSchema },
      problems: ['unknown', 'no_result'],
    },
    ({ principal, params }) => {
      const hold = visible(principal, params.id, approvals);
      const mayAudit = principal.roles.some((role) => role === 'auditor' || role === 'admin');
      if (!isOwn(hold, principal) && !mayAudit) throw noSuchHold();
      const kept = approvals.resultOf(hold.id);
      if (kept === undefined)
        throw new Problem('no_result', `The hold is ${hold.state}, and there is no result of it.`);
      return { status: 200, text: resultText(hold, keptOutcome(kept, hold.usedBy ?? '')) };
    },
  );
}

function resultText(hold: Hold, outcome: Outcome): string {
  return writeObject([
    ['id', JSON.stringify(hold.id)],
    ['call', JSON.stringify(outcome.callId)],
    ['outcome', JSON.stringify(outcome.kind)],
    outcome.kind === 'completed'
      ? ['result', outcome.result.text]
      : ['error', JSON.stringify(errorIn(outcome))],
  ]);
}

function errorIn(outcome: Outcome): object {
  if (outcome.kind === 'refused') return { code: outcome.refusal.code, message: outcome.refusal.message };
  return outcome.kind === 'errored' ? { code: outcome.error.code, message: outcome.error.message } : {};
}

/** For a yes that came when its caller had gone: an operator has the gateway make the call, and its caller can collect it. */
function replayRoute({ approvals, carryOut }: ApprovalSource): Route {
  return route(
    {
      ...common,
      method: 'post',
      path: '/v1/approvals/{id}/replay',
      id: 'replayCall',
      needs: 'approvals:decide',
      summary: 'Makes an approved call whose caller has gone',
      access: ['operator', 'admin'],
      replies: { 200: approvalResultSchema },
      problems: ['unknown', 'forbidden', 'not_approved'],
    },
    async ({ principal, params }) => {
      const hold = visible(principal, params.id, approvals);
      if (hold.caller === principal.id || hold.credential === principal.credential)
        throw new Problem('forbidden', 'Whoever asked makes the call again; another operator replays it.');
      if (hold.state !== 'approved' || hold.request === undefined)
        throw new Problem(
          'not_approved',
          `The hold is ${hold.state}; an approved call that was not made can be replayed.`,
        );
      await approvals.replayed(hold, principal);
      const made = await carryOut(hold);
      if (made === undefined)
        throw new Problem(
          'not_approved',
          'The call was not made: something has changed, or it was made already.',
        );
      return { status: 200, text: resultText(hold, made) };
    },
  );
}

function cancelRoute(approvals: Approvals): Route {
  return route(
    {
      ...common,
      method: 'post',
      path: '/v1/approvals/{id}/cancel',
      id: 'cancelCall',
      needs: 'approvals:decide',
      summary: 'Takes a held call back',
      replies: { 200: approvalSchema },
      problems: ['unknown', 'forbidden', 'decided'],
    },
    async ({ principal, params }) => {
      const hold = visible(principal, params.id, approvals);
      const operates = principal.roles.some((role) => role === 'operator' || role === 'admin');
      if (hold.caller !== principal.id && !operates)
        throw new Problem('forbidden', 'A hold is cancelled by its caller, or by an operator.');
      if (!(await approvals.cancel(hold.id, principal.id)))
        throw new Problem('decided', 'The hold is over already.');
      return { status: 200, body: shownTo(approvals.find(hold.id) ?? hold, principal) };
    },
  );
}

/** Throws Problem for what is not there, or is not the caller's to see. */
function visible(principal: Principal, name: string, approvals: Approvals): Hold {
  const hold = approvals.find(holdIdOf(name));
  const mine = hold?.tenant === principal.tenant && (mayOversee(principal) || isOwn(hold, principal));
  if (hold === undefined || !mine) throw noSuchHold();
  return hold;
}

function noSuchHold(): Problem {
  return new Problem('unknown', 'There is no such hold.');
}
