import { LRUCache } from 'lru-cache';
import type { Arrival } from '../model/call.js';
import type { Principal } from '../model/principal.js';
import { Refusal, type RefusalCode } from '../model/refusal.js';
import type { Prompt, Resource, ResourceTemplate, Target } from '../model/target.js';
import type { Tool } from '../model/tool.js';
import type { House, Snapshot } from './house.js';
import { checkSession, missingScope } from './stages/check-session.js';
import { refuseStoppedCaller } from './stages/refuse-stopped.js';

/** What can be listed, by the name of its list. */
export interface Listed {
  readonly tools: Tool;
  readonly prompts: Prompt;
  readonly resources: Resource;
  readonly templates: ResourceTemplate;
}

export type ListName = keyof Listed;

export interface Listing<Name extends ListName = ListName> {
  readonly list: Name;
  readonly principal: Principal;
  readonly arrival: Arrival;
  readonly endpoint?: string | undefined;
}

/**
 * What this caller may see of a list, in exposed order. The same array as long as neither the policy nor the list
 * changes, so that faces can keep what they made of it. Rejects with a Refusal when the listing cannot be recorded.
 */
export type GovernListing = <Name extends ListName>(
  listing: Listing<Name>,
) => Promise<readonly Listed[Name][]>;

interface Visible {
  readonly snapshot: Snapshot;
  /** All there is, of which the policy left something. */
  readonly all: readonly Target[];
  readonly seen: readonly Target[];
}

/** Lists of callers that are kept. */
const keptLists = 4000;

const methods: Readonly<Record<ListName, string>> = {
  tools: 'tools/list',
  prompts: 'prompts/list',
  resources: 'resources/list',
  templates: 'resources/templates/list',
};

/** The small sister of governCall: the same policy decides, asked with the action `list`. */
export function createGovernListing(house: House): GovernListing {
  const cache = new LRUCache<string, Visible>({ max: keptLists });

  function visibleTo({ list, principal, endpoint }: Listing): readonly Target[] {
    const snapshot = house.snapshot();
    const all = house.upstreams[list](endpoint);
    const { tenant, id, roles, labels, session } = principal;
    const key = JSON.stringify([list, endpoint, tenant, id, roles, labels, session?.id]);
    const kept = cache.get(key);
    if (kept !== undefined && kept.snapshot === snapshot && kept.all === all) return kept.seen;
    const at = house.clock.now();
    const seen = all.filter((target) => isVisible(snapshot, { target, principal, at }));
    cache.set(key, { snapshot, all, seen });
    return seen;
  }

  async function record({ principal, arrival, endpoint, list }: Listing, count: number, code?: RefusalCode) {
    try {
      await house.trail.listed({ principal, arrival, endpoint, method: methods[list], code }, count);
    } catch (cause) {
      throw new Refusal(
        'audit_unavailable',
        'The gateway cannot write its audit trail, so it lets nothing pass.',
        { retryAfterSeconds: 5, detail: cause instanceof Error ? cause.message : String(cause) },
      );
    }
  }

  return async function governListing<Name extends ListName>(listing: Listing<Name>) {
    try {
      refuseStoppedCaller(listing.principal, house);
      checkSession(listing, { house, snapshot: house.snapshot() });
    } catch (refusal) {
      if (refusal instanceof Refusal) await record(listing, 0, refusal.code);
      throw refusal;
    }
    const seen = visibleTo(listing);
    await record(listing, seen.length);
    return seen as readonly Listed[Name][];
  };
}

export interface Glance {
  readonly target: Target;
  readonly principal: Principal;
  readonly at: number;
}

/** Whether the caller's list holds the target. Asks without recording anything. */
export function isVisible(snapshot: Snapshot, { target, principal, at }: Glance): boolean {
  if (missingScope(principal, target, snapshot) !== undefined) return false;
  const method = target.kind === 'method' ? target.name : listedFor[target.kind];
  const { effect } = snapshot.decide({ action: 'list', method, principal, target, at, callId: '' });
  return effect === 'allow' || effect === 'ask';
}

/** What targets are listed for. */
const listedFor: Readonly<Record<Listed[ListName]['kind'], string>> = {
  tool: 'tools/call',
  prompt: 'prompts/get',
  resource: 'resources/read',
  template: 'resources/read',
};
