import type { z } from 'zod';
import {
  draftOfSchema,
  explainSchema,
  explanationSchema,
  policyCheckSchema,
  policyDiffSchema,
} from '#contract';
import { SessionFault } from '../identity/session-wish.js';
import type { Principal } from '../model/principal.js';
import { changed, longestPolicy, readers } from './layer-changes.js';
import { Problem } from './rest/problem.js';
import { type Route, route } from './rest/route.js';
import { membersByWish } from './session-json.js';

/** A policy on trial, beside what is in force for a tenant. */
export interface PolicyDraft {
  readonly tenant: string;
  /** Absent where it is about what is in force. */
  readonly draft?:
    | { readonly name: string; readonly body: unknown }
    | { readonly removed: string }
    | undefined;
}

export type Asking = Pick<Principal, 'tenant'> &
  Omit<z.output<typeof explainSchema>, 'at'> & { readonly at?: number };

/** Asks policies about calls that nobody makes. Nothing is changed, and no upstream is called. */
export interface PolicyTrialSource {
  readonly trials: {
    /** Undefined where there is no such tool, prompt or resource. */
    explain(asking: Asking): Promise<z.input<typeof explanationSchema> | undefined>;
    check(draft: PolicyDraft): Promise<z.input<typeof policyCheckSchema>['findings']>;
    /** Throws LayerFault for a draft that cannot work. */
    diff(draft: PolicyDraft): Promise<z.input<typeof policyDiffSchema>>;
  };
}

const resource = 'policies';
/** Asking is reading, although it is posted. */
const asking = { resource, access: readers, needs: 'policies:read', longestBody: longestPolicy } as const;

/** What the rules answer, what is questionable about them, and what a draft would change. */
export function trialRoutes({ trials }: PolicyTrialSource): Route[] {
  return [
    explainRoute(trials),
    route(
      {
        method: 'post',
        path: '/v1/policy/check',
        id: 'checkPolicy',
        summary: 'What is questionable about the rules, or about a draft of a policy among them',
        ...asking,
        body: draftOfSchema,
        replies: { 200: policyCheckSchema },
      },
      async ({ principal, body }) => {
        const findings = await trials.check(draftIn(body, principal));
        return { status: 200, text: toJson({ count: findings.length, findings }) };
      },
    ),
    route(
      {
        method: 'post',
        path: '/v1/policy/diff',
        id: 'diffPolicy',
        summary: 'What a draft of a policy changes, by its text and by its answers to sample calls',
        ...asking,
        body: draftOfSchema,
        replies: { 200: policyDiffSchema },
        problems: ['invalid_policy'],
      },
      async ({ principal, body }) => {
        const found = await changed('policy', () => trials.diff(draftIn(body, principal)));
        return { status: 200, text: toJson(found) };
      },
    ),
  ];
}

function explainRoute(trials: PolicyTrialSource['trials']): Route {
  return route(
    {
      method: 'post',
      path: '/v1/policy/explain',
      id: 'explainPolicy',
      summary: 'What is answered to a call, rule by rule; nothing is called',
      ...asking,
      body: explainSchema,
      replies: { 200: explanationSchema },
      problems: ['not_found'],
    },
    async ({ principal, body }) => {
      const { tool, prompt, resource: uri, at, ...rest } = body;
      const named = [tool, prompt, uri].filter((name) => name !== undefined);
      if (named.length !== 1)
        throw new Problem('invalid_body', 'Name one of tool, prompt and resource, and only one.');
      const time = at === undefined ? {} : { at: Date.parse(at) };
      const asking = { ...rest, ...time, tool, prompt, resource: uri, tenant: principal.tenant };
      const explanation = await trials.explain(asking).catch(refuseSession);
      if (explanation === undefined)
        throw new Problem('not_found', `There is no ${JSON.stringify(named[0])}.`);
      return { status: 200, text: toJson(explanation) };
    },
  );
}

function refuseSession(cause: unknown): never {
  if (!(cause instanceof SessionFault)) throw cause;
  const path = `session.${membersByWish[cause.member]}`;
  const detail = `${path}: ${cause.message}`;
  throw new Problem('invalid_body', detail, { errors: [{ path, detail: cause.message }] });
}

function draftIn(body: z.output<typeof draftOfSchema>, { tenant }: Principal): PolicyDraft {
  const { name, remove, description: _description, ...content } = body;
  const isEmpty = Object.keys(content).length === 0;
  if (remove === true) {
    if (name === undefined || !isEmpty)
      throw new Problem('invalid_body', 'remove: needs the name of a policy, and no draft beside it.');
    return { tenant, draft: { removed: name } };
  }
  return isEmpty ? { tenant } : { tenant, draft: { name: name ?? 'draft', body: content } };
}

/** Integers beyond 2^53 are written as text, which every reader keeps exactly. */
function toJson(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'bigint' ? String(inner) : inner,
  );
}
