import {
  compatPoliciesSchema,
  compatPolicyDocumentSchema,
  compatPolicySchema,
  compatRegisteredSchema,
  compatUpstreamSchema,
} from '#contract';
import { randomToken } from '../lib/ids.js';
import type { LayerSource, LayerVersion } from '../model/api-layer.js';
import type { JsonObject } from '../model/json.js';
import { isApprovalRule } from './compat-approval-rules.js';
import { changed, editOf, readers, writers } from './layer-changes.js';
import { Problem } from './rest/problem.js';
import { type Route, route } from './rest/route.js';
import type { UpstreamSource } from './upstream-routes.js';

export interface CompatProxySource extends Pick<UpstreamSource, 'layer' | 'upstream' | 'upstreamsSettled'> {
  /** The tools of all upstreams. */
  readonly tools: () => readonly { readonly exposedName: string; readonly upstream: string }[];
}

const common = { resource: 'compatibility' } as const;
const policyProblems = ['invalid_header', 'invalid_policy'] as const;

/** What Haldir documents under `/v1/proxy` for operators, literally; kept in the layer that `/v1/policies` shows, too. */
export function compatProxyRoutes(source: CompatProxySource): Route[] {
  const { layer } = source;
  return [registerRoute(source), addRoute(layer), listRoute(layer), replaceRoute(layer), removeRoute(layer)];
}

function registerRoute({ layer, upstream, upstreamsSettled, tools }: CompatProxySource): Route {
  return route(
    {
      ...common,
      method: 'post',
      path: '/v1/proxy/upstreams',
      id: 'registerCompatUpstream',
      needs: 'upstreams:write',
      summary: 'Puts a server behind the gateway, or another in its place',
      access: writers,
      body: compatUpstreamSchema,
      replies: { 201: compatRegisteredSchema },
      problems: ['invalid_header', 'exists', 'read_only', 'invalid_upstream'],
    },
    async ({ context, principal, body: { name, url } }) => {
      const edit = editOf({ context, principal });
      await changed('upstream', () => layer.put({ kind: 'upstream', name }, { url }, edit));
      await upstreamsSettled();
      const shown = await upstream(name, principal.tenant);
      const names = tools().flatMap((tool) => (tool.upstream === name ? [tool.exposedName] : []));
      const healthy = shown?.status?.state === 'up';
      const found = { healthy, tools_discovered: names.length, tool_names: names };
      return { status: 201, body: { registered: true, name, url, ...found } };
    },
  );
}

function addRoute(layer: LayerSource): Route {
  return route(
    {
      ...common,
      method: 'post',
      path: '/v1/proxy/policies',
      id: 'addCompatPolicy',
      needs: 'policies:write',
      summary: 'Makes a policy, which is in force when this is answered',
      access: writers,
      body: compatPolicySchema,
      replies: { 201: compatPolicyDocumentSchema },
      problems: policyProblems,
    },
    async ({ context, principal, body, document }) => {
      const name = `${body.type}-${randomToken(6)}`;
      const edit = { ...editOf({ context, principal }), only: 'new' as const };
      const content = { haldir: document.value as JsonObject };
      const made = await changed('policy', () => layer.put({ kind: 'policy', name }, content, edit));
      return { status: 201, body: documentOf(made) };
    },
  );
}

function listRoute(layer: LayerSource): Route {
  return route(
    {
      ...common,
      method: 'get',
      path: '/v1/proxy/policies',
      id: 'listCompatPolicies',
      needs: 'policies:read',
      summary: 'The policies that were made in this form',
      access: readers,
      replies: { 200: compatPoliciesSchema },
    },
    ({ principal: { tenant } }) => {
      const policies = layer.list('policy', tenant).filter(isCompat).map(documentOf);
      return { status: 200, body: { count: policies.length, policies } };
    },
  );
}

function replaceRoute(layer: LayerSource): Route {
  return route(
    {
      ...common,
      method: 'put',
      path: '/v1/proxy/policies/{id}',
      id: 'replaceCompatPolicy',
      needs: 'policies:write',
      summary: 'Replaces a policy',
      access: writers,
      body: compatPolicySchema,
      replies: { 200: compatPolicyDocumentSchema },
      problems: ['invalid_header', 'not_found', 'precondition_failed', 'invalid_policy'],
    },
    async ({ context, principal, params: { id }, document }) => {
      const before = found(layer, principal.tenant, id);
      const { only = [before.revision], ...edit } = editOf({ context, principal });
      const content = { haldir: document.value as JsonObject };
      const made = await changed('policy', () =>
        layer.put({ kind: 'policy', name: id }, content, { ...edit, only }),
      );
      return { status: 200, body: documentOf(made) };
    },
  );
}

function removeRoute(layer: LayerSource): Route {
  return route(
    {
      ...common,
      method: 'delete',
      path: '/v1/proxy/policies/{id}',
      id: 'removeCompatPolicy',
      needs: 'policies:write',
      summary: 'Ends a policy',
      access: writers,
      replies: { 204: { description: 'It is no longer in force.' } },
      problems: ['invalid_header', 'not_found', 'precondition_failed'],
    },
    async ({ context, principal, params: { id } }) => {
      found(layer, principal.tenant, id);
      await changed('policy', () =>
        layer.remove({ kind: 'policy', name: id }, editOf({ context, principal })),
      );
      return { status: 204 };
    },
  );
}

function found(layer: LayerSource, tenant: string, name: string): LayerVersion {
  const policy = layer.find({ kind: 'policy', tenant, name });
  if (policy !== undefined && isCompat(policy)) return policy;
  throw new Problem('not_found', `There is no policy ${JSON.stringify(name.slice(0, 64))} of this form.`);
}

function isCompat(policy: LayerVersion): boolean {
  return policy.content?.haldir !== undefined && !isApprovalRule(policy);
}

/** As it was sent, with its id. */
function documentOf({ name, content }: LayerVersion): { id: string; type: string } {
  return { ...(content?.haldir as { type: string }), id: name };
}
