import type { ConfigFile } from '../config/config-file.js';
import { addCallGraph, addRateLimits } from './cordon-rules.js';
import { addCordonServer } from './cordon-server.js';
import { readApprovals, readAudit, readGateway } from './cordon-settings.js';
import { aliased, isMapping } from './part.js';
import { Draft, type Translation } from './translation.js';

/** Whether a file is one of Cordon's: by what it imports, or by a list of servers where the native form has a mapping. */
export function isCordonFile({ value, isCordon = false }: ConfigFile): boolean {
  return isCordon || (isMapping(value) && (Array.isArray(value.servers) || Array.isArray(value.upstreams)));
}

const keys = [
  'upstreams',
  'servers',
  'gateway',
  'observability',
  'audit',
  'approvals',
  'rateLimit',
  'callGraph',
  'agentId',
];

/** A whole configuration in the keys of the real tool, in those of the article, or in both. */
export function translateCordonFile({ value, variables = {} }: ConfigFile): Translation {
  const draft = new Draft('cordon');
  const whole = draft.read(value).withKeys(keys);
  const principal = whole.at('agentId').text() ?? 'agent';
  const gateway = whole.at('gateway');
  if (gateway.isPresent) readGateway(draft, gateway, { variables, principal });
  readAudit(draft, aliased(whole, ['observability', 'audit']));
  const terms = readApprovals(draft, whole.at('approvals'));
  const ids = new Map<string, string>();
  for (const server of aliased(whole, ['upstreams', 'servers']).items()) {
    const added = addCordonServer(server, { draft, terms, variables });
    if (added === undefined) continue;
    if (ids.has(added.name)) server.refuse(`has the name of another server, ${JSON.stringify(added.name)}`);
    ids.set(added.name, added.id);
  }
  addRateLimits(draft, whole.at('rateLimit'), ids);
  addCallGraph(draft, whole.at('callGraph'));
  draft.remark(['policy'], 'Cordon relays tools only. Prompts and resources need rules of their own.');
  return draft;
}
