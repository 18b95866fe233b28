import {
  approvalRuleKinds,
  compatAddedRuleSchema,
  compatApprovalRuleSchema,
  compatApprovalRulesSchema,
} from '#contract';
import { randomToken } from '../lib/ids.js';
import type { LayerSource, LayerVersion } from '../model/api-layer.js';
import type { JsonObject } from '../model/json.js';
import { changed, editOf, readers, writers } from './layer-changes.js';
import { Problem } from './rest/problem.js';
import { type Route, route } from './rest/route.js';

export interface ApprovalRuleSource {
  readonly layer: LayerSource;
}

const common = { resource: 'compatibility', path: '/v1/approvals/rules' } as const;

/** `/v1/approvals/rules`, as Haldir documents it: policies of the layer that have a person asked. */
export function compatApprovalRuleRoutes({ layer }: ApprovalRuleSource): Route[] {
  return [
    addRoute(layer),
    route(
      {
        ...common,
        method: 'get',
        id: 'listApprovalRules',
        needs: 'policies:read',
        summary: 'The approval rules that were made in this form',
        access: readers,
        replies: { 200: compatApprovalRulesSchema },
      },
      ({ principal: { tenant } }) => {
        const rules = layer.list('policy', tenant).filter(isApprovalRule).map(documentOf);
        return { status: 200, body: { count: rules.length, rules } };
      },
    ),
    removeRoute(layer),
  ];
}

function addRoute(layer: LayerSource): Route {
  return route(
    {
      ...common,
      method: 'post',
      id: 'addApprovalRule',
      needs: 'policies:write',
      summary: 'Has a person asked about some calls, from when this is answered',
      access: writers,
      body: compatApprovalRuleSchema,
      replies: { 201: compatAddedRuleSchema },
      problems: ['invalid_header', 'invalid_policy'],
    },
    async ({ context, principal, body, document }) => {
      const name = `${body.type}-${randomToken(6)}`;
      const edit = { ...editOf({ context, principal }), only: 'new' as const };
      const content = { haldir: document.value as JsonObject };
      const made = await changed('policy', () => layer.put({ kind: 'policy', name }, content, edit));
      return { status: 201, body: { added: true, ...documentOf(made) } };
    },
  );
}

function removeRoute(layer: LayerSource): Route {
  return route(
    {
      ...common,
      method: 'delete',
      path: '/v1/approvals/rules/{id}',
      id: 'removeApprovalRule',
      needs: 'policies:write',
      summary: 'Ends an approval rule; what it had asked about is asked about no more',
      access: writers,
      replies: { 204: { description: 'It is no longer in force.' } },
      problems: ['invalid_header', 'not_found', 'precondition_failed'],
    },
    async ({ context, principal, params: { id } }) => {
      const rule = layer.find({ kind: 'policy', tenant: principal.tenant, name: id });
      if (rule === undefined || !isApprovalRule(rule))
        throw new Problem('not_found', `There is no approval rule ${JSON.stringify(id.slice(0, 64))}.`);
      await changed('policy', () =>
        layer.remove({ kind: 'policy', name: id }, editOf({ context, principal })),
      );
      return { status: 204 };
    },
  );
}

/** Whether a policy was made of one of Haldir's approval rules. */
export function isApprovalRule({ content }: Pick<LayerVersion, 'content'>): boolean {
  const haldir = content?.haldir as { readonly type?: unknown } | undefined;
  return approvalRuleKinds.some((kind) => kind === haldir?.type);
}

/** As it was sent, with its id. */
function documentOf({ name, content }: LayerVersion): { id: string; type: string } {
  return { ...(content?.haldir as { type: string }), id: name };
}
