import type { Claim } from './claim.js';
import type { DeskDeps } from './desk-deps.js';

const longestRunMs = 15 * 60_000;

/** How a call stands that the gateway has made, or is making, for its caller; undefined where it made none. */
export function carriedClaim({ table, clock, settings }: DeskDeps, bind: string): Claim | undefined {
  const hold = table.findCarried(bind, clock.now() - settings().resultKeptMs);
  if (hold === undefined) return undefined;
  const result = table.collect(hold.id);
  if (result !== undefined) return { kind: 'done', hold, result };
  // One that was under way when its process ended has no result and never will.
  return clock.now() - (hold.usedAt ?? 0) < longestRunMs ? { kind: 'waiting', hold } : undefined;
}
