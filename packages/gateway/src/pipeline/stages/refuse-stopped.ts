import type { KillSwitch } from '../../model/kill-switch.js';
import type { Principal } from '../../model/principal.js';
import { Refusal } from '../../model/refusal.js';
import type { Target } from '../../model/target.js';
import type { House } from '../house.js';

interface Kills {
  readonly kills: Pick<House['kills'], 'stoppingCaller' | 'stoppingTarget'>;
}

interface CallerKills {
  readonly kills: Pick<House['kills'], 'stoppingCaller'>;
}

/** Before stage 1. Has somebody stopped the caller, or everybody? Asked before anything is told about any target. */
export function refuseStoppedCaller(principal: Principal, { kills }: CallerKills): void {
  const stop = kills.stoppingCaller(principal);
  if (stop !== undefined) throw stopped(stop);
}

/** The same, and whether somebody has stopped the target: asked again after everything that takes time. */
export function refuseStopped(principal: Principal, target: Target, house: Kills): void {
  refuseStoppedCaller(principal, house);
  const stop = house.kills.stoppingTarget(principal.tenant, target);
  if (stop !== undefined) throw stopped(stop);
}

/** For callers who may know the target. */
export function sentenceOf({ scope, name, reason }: KillSwitch): string {
  const why = reason === '' ? '' : ` The reason given: ${reason}`;
  return `An operator of the gateway has stopped ${whats[scope](name)}.${why} The call was not sent.`;
}

const whats = {
  all: () => 'all calls',
  principal: () => 'all calls of this caller',
  tool: (name: string) => `the tool "${name}"`,
  upstream: (name: string) => `all calls to "${name}"`,
};

function stopped(stop: KillSwitch): Refusal {
  return new Refusal('kill_switch', sentenceOf(stop), { detail: `kill switch ${stop.id}` });
}
