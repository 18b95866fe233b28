import type { FirstSight } from '../../upstreams/pins/standing.js';
import type { EffectiveConfig } from './effective-config.js';
import { isLoopback } from './is-loopback.js';

/** What becomes of definitions that an upstream offers and nobody has accepted. */
export function firstSightOf(config: EffectiveConfig, upstream: string): FirstSight {
  const own = config.upstreams[upstream]?.pins ?? config.pins.firstSight;
  return own ?? (isPrivate(config) ? 'trust' : 'ask');
}

/** Whether only this machine can connect: no listener is elsewhere, and no proxy brings requests for another host. */
export function isPrivate({ listen, control }: EffectiveConfig): boolean {
  const addresses = [listen.host, ...(control === undefined ? [] : [control.host])];
  const names = (listen.allowedHosts ?? []).map((host) => host.replace(/:\d+$/, ''));
  return [...addresses, ...names].every(isLoopback);
}
