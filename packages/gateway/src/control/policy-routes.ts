import { z } from 'zod';
import { newPolicySchema, policyDocumentSchema, policyDraftSchema, rollbackSchema } from '#contract';
import type { LayerSource, LayerVersion } from '../model/api-layer.js';
import { changed, changeProblems, editOf, etagOf, longestPolicy, writers } from './layer-changes.js';
import { policyJson } from './policy-json.js';
import { type PolicySource, policyReadRoutes } from './policy-read-routes.js';
import { type Route, route } from './rest/route.js';

const kind = 'policy';
const resource = 'policies';
const noteQuery = { note: z.string().max(1024).optional().describe('why, for the history and the record') };

/** `/v1/policies`: the rules in force, those of the file and those that are made here, with every version there was. */
export function policyRoutes(source: PolicySource): Route[] {
  return [
    ...policyReadRoutes(source),
    makeRoute(source.layer),
    replaceRoute(source.layer),
    removeRoute(source.layer),
    rollbackRoute(source.layer),
  ];
}

function makeRoute(layer: LayerSource): Route {
  return route(
    {
      method: 'post',
      path: '/v1/policies',
      id: 'createPolicy',
      resource,
      summary: 'Makes a policy, which is in force when this is answered',
      access: writers,
      body: newPolicySchema,
      longestBody: longestPolicy,
      replies: { 201: policyDocumentSchema },
      problems: [...changeProblems, 'exists', 'read_only', 'conflict', 'invalid_policy'],
    },
    async ({ context, principal, body: { name, note, ...content } }) => {
      const edit = { ...editOf({ context, principal }, note), only: 'new' as const };
      const made = await changed(kind, () => layer.put({ kind, name }, content, edit));
      return {
        status: 201,
        headers: { ...etagOf(made), Location: locationOf(made) },
        body: policyJson(made),
      };
    },
  );
}

function replaceRoute(layer: LayerSource): Route {
  return route(
    {
      method: 'put',
      path: '/v1/policies/{name}',
      id: 'putPolicy',
      resource,
      summary: 'Makes or replaces a policy; with If-Match only the one that was seen',
      access: writers,
      body: policyDraftSchema,
      longestBody: longestPolicy,
      replies: { 200: policyDocumentSchema, 201: policyDocumentSchema },
      problems: [...changeProblems, 'read_only', 'conflict', 'precondition_failed', 'invalid_policy'],
    },
    async ({ context, principal, params: { name }, body: { note, ...content } }) => {
      const edit = editOf({ context, principal }, note);
      const before = layer.find({ kind, tenant: principal.tenant, name });
      const made = await changed(kind, () => layer.put({ kind, name }, content, edit));
      const reply = { headers: etagOf(made), body: policyJson(made) };
      return before === undefined
        ? { status: 201, ...reply, headers: { ...reply.headers, Location: locationOf(made) } }
        : { status: 200, ...reply };
    },
  );
}

function removeRoute(layer: LayerSource): Route {
  return route(
    {
      method: 'delete',
      path: '/v1/policies/{name}',
      id: 'deletePolicy',
      resource,
      summary: 'Ends a policy; its versions stay, and any can be gone back to',
      access: writers,
      query: noteQuery,
      replies: { 204: { description: 'It is no longer in force.' } },
      problems: [...changeProblems, 'not_found', 'read_only', 'precondition_failed', 'invalid_policy'],
    },
    async ({ context, principal, params: { name }, query: { note } }) => {
      await changed(kind, () => layer.remove({ kind, name }, editOf({ context, principal }, note)));
      return { status: 204 };
    },
  );
}

function rollbackRoute(layer: LayerSource): Route {
  return route(
    {
      method: 'post',
      path: '/v1/policies/{name}/rollback',
      id: 'rollBackPolicy',
      resource,
      summary: 'Makes the content of an earlier version the newest one',
      access: writers,
      body: rollbackSchema,
      replies: { 200: policyDocumentSchema },
      problems: [...changeProblems, 'not_found', 'precondition_failed', 'invalid_policy'],
    },
    async ({ context, principal, params: { name }, body: { version, note } }) => {
      const edit = editOf({ context, principal }, note);
      const made = await changed(kind, () => layer.rollBack({ kind, name }, version, edit));
      return { status: 200, headers: etagOf(made), body: policyJson(made) };
    },
  );
}

function locationOf({ name }: LayerVersion): string {
  return `/v1/policies/${name}`;
}
