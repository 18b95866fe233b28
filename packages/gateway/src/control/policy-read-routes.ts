import { pageQuery, policyDocumentSchema, policyHistorySchema, policyPageSchema } from '#contract';
import { filePolicyName, type LayerSource } from '../model/api-layer.js';
import { etagOf, readers } from './layer-changes.js';
import { versionPage } from './layer-history.js';
import { type FilePolicy, filePolicyJson, policyJson, versionJson } from './policy-json.js';
import { Problem } from './rest/problem.js';
import { type Route, route } from './rest/route.js';

export interface PolicySource {
  readonly layer: LayerSource;
  readonly filePolicy: () => FilePolicy;
}

const kind = 'policy';
const resource = 'policies';

/** The policies in force, and the versions there were. */
export function policyReadRoutes(source: PolicySource): Route[] {
  return [listRoute(source), getRoute(source), historyRoute(source.layer)];
}

function listRoute({ layer, filePolicy }: PolicySource): Route {
  return route(
    {
      method: 'get',
      path: '/v1/policies',
      id: 'listPolicies',
      resource,
      summary: 'The policies in force: that of the file, and those made over REST',
      access: readers,
      query: pageQuery,
      replies: { 200: policyPageSchema },
    },
    ({ principal, query: { limit, cursor = '' } }) => {
      const made = layer.list(kind, principal.tenant).filter(({ name }) => name > cursor.replace(/^=/, ''));
      const all = [...(cursor === '' ? [filePolicyJson(filePolicy())] : []), ...made.map(policyJson)];
      const policies = all.slice(0, limit);
      const last = policies.at(-1);
      // The file's own policy comes before every name.
      const next = last?.source === 'file' ? '=' : `=${last?.name}`;
      const more = all.length > limit ? { next_cursor: next } : {};
      return { status: 200, body: { count: policies.length, policies, ...more } };
    },
  );
}

function getRoute({ layer, filePolicy }: PolicySource): Route {
  return route(
    {
      method: 'get',
      path: '/v1/policies/{name}',
      id: 'getPolicy',
      resource,
      summary: 'One policy; its ETag is what a change can be made to depend on',
      access: readers,
      replies: { 200: policyDocumentSchema },
      problems: ['not_found'],
    },
    ({ principal, params: { name } }) => {
      if (name === filePolicyName) {
        const file = filePolicyJson(filePolicy());
        return { status: 200, headers: etagOf(file), body: file };
      }
      const found = layer.find({ kind, tenant: principal.tenant, name });
      if (found === undefined) throw new Problem('not_found', `There is no policy "${name}".`);
      return { status: 200, headers: etagOf(found), body: policyJson(found) };
    },
  );
}

function historyRoute(layer: LayerSource): Route {
  return route(
    {
      method: 'get',
      path: '/v1/policies/{name}/history',
      id: 'getPolicyHistory',
      resource,
      summary: 'Every version of a policy that was made over REST',
      access: readers,
      query: pageQuery,
      replies: { 200: policyHistorySchema },
      problems: ['not_found'],
    },
    ({ principal, params: { name }, query }) => {
      const all = layer.history({ kind, tenant: principal.tenant, name });
      if (all.length === 0) throw new Problem('not_found', `There was never a policy "${name}".`);
      return { status: 200, body: versionPage(all, query, versionJson) };
    },
  );
}
