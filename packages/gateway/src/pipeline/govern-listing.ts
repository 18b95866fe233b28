import { LRUCache } from 'lru-cache';
import type { Arrival } from '../model/call.js';
import type { Principal } from '../model/principal.js';
import { Refusal } from '../model/refusal.js';
import type { Target } from '../model/target.js';
import type { Tool } from '../model/tool.js';
import type { House, Snapshot } from './house.js';

export interface Listing {
  readonly principal: Principal;
  readonly arrival: Arrival;
  readonly endpoint?: string;
}

/**
 * The tools this caller may see, in exposed order. The same array as long as neither the policy nor the tools change,
 * so that faces can keep what they made of it. Rejects with a Refusal when the listing cannot be recorded.
 */
export type GovernListing = (listing: Listing) => Promise<readonly Tool[]>;

interface Visible {
  readonly snapshot: Snapshot;
  readonly revision: number;
  readonly tools: readonly Tool[];
}

/** Callers whose list is kept. */
const keptLists = 1000;

/** The small sister of governCall: the same policy decides, asked with the action `list`. */
export function createGovernListing(house: House): GovernListing {
  const cache = new LRUCache<string, Visible>({ max: keptLists });

  function visibleTo({ principal, endpoint }: Listing): readonly Tool[] {
    const snapshot = house.snapshot();
    const revision = house.upstreams.revision;
    const key = JSON.stringify([endpoint, principal.tenant, principal.id, principal.roles, principal.labels]);
    const kept = cache.get(key);
    if (kept !== undefined && kept.snapshot === snapshot && kept.revision === revision) return kept.tools;
    const at = house.clock.now();
    const tools = house.upstreams
      .tools(endpoint)
      .filter((tool) => isVisible(snapshot, { target: tool, principal, at }));
    cache.set(key, { snapshot, revision, tools });
    return tools;
  }

  return async function governListing(listing) {
    const tools = visibleTo(listing);
    try {
      await house.trail.listed(listing, tools.length);
    } catch (cause) {
      throw new Refusal(
        'audit_unavailable',
        'The gateway cannot write its audit trail, so it lets nothing pass.',
        { retryAfterSeconds: 5, detail: cause instanceof Error ? cause.message : String(cause) },
      );
    }
    return tools;
  };
}

export interface Glance {
  readonly target: Target;
  readonly principal: Principal;
  readonly at: number;
}

/** Whether the caller's list holds the tool. Asks without recording anything. */
export function isVisible(snapshot: Snapshot, glance: Glance): boolean {
  return snapshot.decide({ ...glance, action: 'list', method: 'tools/call', callId: '' }).effect === 'allow';
}
