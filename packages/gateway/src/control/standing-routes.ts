import { newStandingSchema, pageQuery, standingPageSchema, standingSchema } from '#contract';
import type { ApprovalDesk } from '../approvals/approval-desk.js';
import type { NewStanding, StandingDesk } from '../approvals/standing-desk.js';
import { overseers } from './overseers.js';
import { Problem } from './rest/problem.js';
import { type Route, route } from './rest/route.js';
import { isFresh, type ProofSource } from './sign-in/is-fresh.js';
import { standingJson } from './standing-json.js';

export interface StandingSource extends ProofSource {
  readonly approvals: Pick<ApprovalDesk, 'find'>;
  readonly standing: Pick<StandingDesk, 'list' | 'find' | 'create' | 'revoke'>;
}

const path = '/v1/standing-approvals';
const resource = 'approvals';

/** `/v1/standing-approvals`: what was approved beforehand. An admin makes one from a held call; whoever operates ends one. */
export function standingRoutes(source: StandingSource): Route[] {
  return [listRoute(source), createRoute(source), revokeRoute(source)];
}

function listRoute({ standing }: StandingSource): Route {
  return route(
    {
      method: 'get',
      path,
      id: 'listStandingApprovals',
      resource,
      summary: 'What was approved beforehand, newest first',
      access: overseers,
      query: pageQuery,
      replies: { 200: standingPageSchema },
    },
    ({ principal, query: { limit, cursor } }) => {
      const all = standing.list(principal.tenant, limit, cursor).map(standingJson);
      const last = all.length === limit ? all.at(-1) : undefined;
      const next = last === undefined ? {} : { next_cursor: last.id };
      return { status: 200, body: { count: all.length, standing_approvals: all, ...next } };
    },
  );
}

function createRoute(source: StandingSource): Route {
  const { approvals, standing } = source;
  return route(
    {
      method: 'post',
      path,
      id: 'createStandingApproval',
      resource,
      needs: 'approvals:decide',
      summary: 'Approves calls like a held one beforehand',
      access: ['approver', 'admin'],
      body: newStandingSchema,
      replies: { 201: standingSchema },
      problems: ['unknown', 'forbidden', 'step_up', 'conflict'],
    },
    async ({ principal, body: { hold: id, values, ...wish }, context }) => {
      const hold = approvals.find(id);
      if (hold === undefined || hold.tenant !== principal.tenant)
        throw new Problem('unknown', 'There is no such hold.');
      const outcome = await standing.create(hold, {
        ...wish,
        values: values as NewStanding['values'],
        by: principal,
        isFresh: isFresh(context, hold, source),
      });
      if (outcome.kind === 'refused') throw new Problem(outcome.problem, outcome.message);
      return { status: 201, body: standingJson(outcome.standing) };
    },
  );
}

function revokeRoute({ standing }: StandingSource): Route {
  return route(
    {
      method: 'delete',
      path: `${path}/{id}`,
      id: 'revokeStandingApproval',
      resource,
      needs: 'approvals:decide',
      summary: 'Ends one; what a call has used stays used',
      access: ['approver', 'operator', 'admin'],
      replies: { 200: standingSchema },
      problems: ['not_found', 'conflict'],
    },
    async ({ principal, params: { id } }) => {
      const found = standing.find(id);
      if (found === undefined || found.tenant !== principal.tenant)
        throw new Problem('not_found', 'There is no such standing approval.');
      if (!(await standing.revoke(found, principal))) throw new Problem('conflict', 'It is revoked already.');
      return { status: 200, body: standingJson(standing.find(id) ?? found) };
    },
  );
}
