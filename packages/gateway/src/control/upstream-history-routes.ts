import { pageQuery, rollbackSchema, upstreamDocumentSchema, upstreamHistorySchema } from '#contract';
import { isoTime } from '../lib/clock.js';
import type { LayerVersion } from '../model/api-layer.js';
import { changed, changeProblems, editOf, readers, writers } from './layer-changes.js';
import { versionPage } from './layer-history.js';
import { Problem } from './rest/problem.js';
import { type Route, route } from './rest/route.js';
import { documentOf, type UpstreamSource } from './upstream-routes.js';

const kind = 'upstream';
const resource = 'upstreams';

/** The versions there were of servers that were made over REST. */
export function upstreamHistoryRoutes(source: UpstreamSource): Route[] {
  return [historyRoute(source), rollbackRoute(source)];
}

function historyRoute({ layer }: UpstreamSource): Route {
  return route(
    {
      method: 'get',
      path: '/v1/upstreams/{id}/history',
      id: 'getUpstreamHistory',
      resource,
      summary: 'Every version of a server that was made over REST',
      access: readers,
      query: pageQuery,
      replies: { 200: upstreamHistorySchema },
      problems: ['not_found'],
    },
    ({ principal, params: { id: name }, query }) => {
      const all = layer.history({ kind, tenant: principal.tenant, name });
      if (all.length === 0)
        throw new Problem('not_found', `There was never an upstream "${name}" made over REST.`);
      return { status: 200, body: versionPage(all, query, versionJson) };
    },
  );
}

/** As it was written: nothing in it is a secret. */
function versionJson({ version, revision, at, by, note, content }: LayerVersion) {
  return {
    version,
    revision,
    at: isoTime(at),
    by,
    ...(note !== undefined && { note }),
    ...(content === undefined ? { removed: true } : { settings: content }),
  };
}

function rollbackRoute(source: UpstreamSource): Route {
  return route(
    {
      method: 'post',
      path: '/v1/upstreams/{id}/rollback',
      id: 'rollBackUpstream',
      resource,
      summary: 'Makes the settings of an earlier version the newest ones',
      access: writers,
      body: rollbackSchema,
      replies: { 200: upstreamDocumentSchema },
      problems: [
        ...changeProblems,
        'not_found',
        'exists',
        'read_only',
        'conflict',
        'precondition_failed',
        'invalid_upstream',
      ],
    },
    async ({ context, principal, params: { id }, body: { version, note } }) => {
      const edit = editOf({ context, principal }, note);
      const made = await changed(kind, () => source.layer.rollBack({ kind, name: id }, version, edit));
      await source.upstreamsSettled();
      return { status: 200, ...(await documentOf(source, { id, tenant: principal.tenant, made })) };
    },
  );
}
