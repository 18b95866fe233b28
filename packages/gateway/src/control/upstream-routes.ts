import { z } from 'zod';
import {
  newUpstreamSchema,
  upstreamDocumentSchema,
  upstreamDraftSchema,
  upstreamTestSchema,
  upstreamTrialSchema,
} from '#contract';
import { isoTime } from '../lib/clock.js';
import type { LayerSource, LayerVersion } from '../model/api-layer.js';
import type { JsonObject } from '../model/json.js';
import type { ListedUpstream } from './gateway-routes.js';
import { changed, changeProblems, editOf, etagOf, readers, writers } from './layer-changes.js';
import { Problem } from './rest/problem.js';
import { type Route, route } from './rest/route.js';

/** An upstream in force, as people may see it. */
export interface ShownUpstream {
  readonly source: 'file' | 'api';
  /** What may be secret is masked. */
  readonly settings: JsonObject;
  readonly status?: ListedUpstream;
}

export interface UpstreamSource {
  readonly layer: LayerSource;
  /** Undefined where there is none for the tenant. */
  readonly upstream: (id: string, tenant: string) => Promise<ShownUpstream | undefined>;
  /** Resolves when what was just made has come up or failed, or soon. */
  readonly upstreamsSettled: () => Promise<void>;
  /**
   * Reaches a server once, with these settings or those in force, and keeps nothing. Undefined where there are none.
   * Throws LayerFault for settings that cannot work, and for a server that would have to be started.
   */
  readonly testUpstream: (
    id: string,
    tenant: string,
    settings?: JsonObject,
  ) => Promise<z.input<typeof upstreamTestSchema> | undefined>;
}

const kind = 'upstream';
const resource = 'upstreams';
const noteQuery = { note: z.string().max(1024).optional().describe('why, for the record') };

/** Servers that are put behind the gateway while it runs: over HTTP only, as nothing here starts a program. */
export function upstreamRoutes(source: UpstreamSource): Route[] {
  return [
    readRoute(source),
    makeRoute(source),
    replaceRoute(source),
    removeRoute(source.layer),
    testRoute(source),
  ];
}

function readRoute(source: UpstreamSource): Route {
  return route(
    {
      method: 'get',
      path: '/v1/upstreams/{id}',
      id: 'getUpstream',
      resource,
      summary: 'One server, how it is reached and how it is',
      access: readers,
      replies: { 200: upstreamDocumentSchema },
      problems: ['not_found'],
    },
    async ({ principal, params: { id } }) => {
      const made = source.layer.find({ kind, tenant: principal.tenant, name: id });
      return { status: 200, ...(await documentOf(source, { id, tenant: principal.tenant, made })) };
    },
  );
}

function makeRoute(source: UpstreamSource): Route {
  return route(
    {
      method: 'post',
      path: '/v1/upstreams',
      id: 'createUpstream',
      resource,
      summary: 'Puts a server behind the gateway; answered when it has come up or failed, or soon',
      access: writers,
      body: newUpstreamSchema,
      replies: { 201: upstreamDocumentSchema },
      problems: [...changeProblems, 'exists', 'read_only', 'conflict', 'invalid_upstream'],
    },
    async ({ context, principal, body: { id, note }, document }) => {
      const edit = { ...editOf({ context, principal }, note), only: 'new' as const };
      const settings = settingsIn(document.value);
      const made = await changed(kind, () => source.layer.put({ kind, name: id }, settings, edit));
      await source.upstreamsSettled();
      const { headers, body } = await documentOf(source, { id, tenant: principal.tenant, made });
      return { status: 201, headers: { ...headers, Location: `/v1/upstreams/${id}` }, body };
    },
  );
}

function replaceRoute(source: UpstreamSource): Route {
  return route(
    {
      method: 'put',
      path: '/v1/upstreams/{id}',
      id: 'putUpstream',
      resource,
      summary: 'Makes or replaces a server; with If-Match only the one that was seen',
      access: writers,
      body: upstreamDraftSchema,
      replies: { 200: upstreamDocumentSchema },
      problems: [
        ...changeProblems,
        'exists',
        'read_only',
        'conflict',
        'precondition_failed',
        'invalid_upstream',
      ],
    },
    async ({ context, principal, params: { id }, body: { note }, document }) => {
      const edit = editOf({ context, principal }, note);
      const settings = settingsIn(document.value);
      const made = await changed(kind, () => source.layer.put({ kind, name: id }, settings, edit));
      await source.upstreamsSettled();
      return { status: 200, ...(await documentOf(source, { id, tenant: principal.tenant, made })) };
    },
  );
}

function removeRoute(layer: LayerSource): Route {
  return route(
    {
      method: 'delete',
      path: '/v1/upstreams/{id}',
      id: 'deleteUpstream',
      resource,
      summary: 'Takes away a server that was made over REST; calls under way finish',
      access: writers,
      query: noteQuery,
      replies: { 204: { description: 'It is no longer there.' } },
      problems: [...changeProblems, 'not_found', 'read_only', 'precondition_failed', 'invalid_upstream'],
    },
    async ({ context, principal, params: { id }, query: { note } }) => {
      await changed(kind, () => layer.remove({ kind, name: id }, editOf({ context, principal }, note)));
      return { status: 204 };
    },
  );
}

function testRoute({ testUpstream }: UpstreamSource): Route {
  return route(
    {
      method: 'post',
      path: '/v1/upstreams/{id}/test',
      id: 'testUpstream',
      resource,
      summary: 'Reaches a server over HTTP once, with these settings or those in force; calls no tool',
      access: writers,
      body: upstreamTrialSchema,
      replies: { 200: upstreamTestSchema },
      problems: ['not_found', 'read_only', 'invalid_upstream'],
    },
    async ({ principal, params: { id }, document }) => {
      const settings = settingsIn(document.value);
      const given = Object.keys(settings).length === 0 ? undefined : settings;
      const found = await changed(kind, () => testUpstream(id, principal.tenant, given));
      if (found === undefined) throw noSuchUpstream(id);
      return { status: 200, body: found };
    },
  );
}

interface Wanted {
  readonly id: string;
  readonly tenant: string;
  readonly made: LayerVersion | undefined;
}

export async function documentOf({ upstream }: UpstreamSource, { id, tenant, made }: Wanted) {
  const shown = await upstream(id, tenant);
  if (shown === undefined) throw noSuchUpstream(id);
  if (made === undefined || shown.source === 'file') return { headers: {}, body: { id, ...shown } };
  const { revision, version, at, by, note } = made;
  const history = { revision, version, at: isoTime(at), by, ...(note !== undefined && { note }) };
  // As it was written: nothing in it is a secret.
  const settings = made.content ?? shown.settings;
  return { headers: etagOf(made), body: { id, ...shown, settings, ...history } };
}

/** As it was written: the defaults of another version may be others. */
function settingsIn(value: unknown): JsonObject {
  const { id: _id, note: _note, ...settings } = value as JsonObject;
  return settings;
}

function noSuchUpstream(id: string): Problem {
  return new Problem('not_found', `There is no upstream ${JSON.stringify(id)}.`);
}
