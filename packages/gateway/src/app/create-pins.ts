import { createHash } from 'node:crypto';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../model/log.js';
import type { Store } from '../store/open-store.js';
import type { DefinitionJudge } from '../upstreams/pins/definition-judge.js';
import { PinJudge, type PinJudgeOptions } from '../upstreams/pins/pin-judge.js';
import type { EffectiveConfig } from './config/effective-config.js';
import { firstSightOf } from './config/first-sight.js';

export interface PinsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Puts an event into the trail. */
  readonly note: PinJudgeOptions['note'];
  /** The one in force. */
  readonly config: () => EffectiveConfig;
}

/** What judges the definitions that upstreams offer, by the pins of the store. */
export function createPins({ store, config, ...parts }: PinsParts): DefinitionJudge {
  return new PinJudge({
    ...parts,
    pins: store.pins,
    firstSight: (upstream) => firstSightOf(config(), upstream),
    pinnedAs: (upstream) => pinnedAs(config(), upstream),
  });
}

/**
 * The name under which the pins of an upstream are kept: its id, whatever server stands behind it. An id that was guessed
 * from a command line may mean other servers at other times, so there the server itself is in the name.
 */
export function pinnedAs({ hasGuessedIds, upstreams }: EffectiveConfig, id: string): string {
  const upstream = upstreams[id];
  if (hasGuessedIds !== true || upstream === undefined) return id;
  const server = 'url' in upstream ? [upstream.url] : [upstream.command, upstream.args, upstream.cwd];
  return `${id}@${createHash('sha256').update(JSON.stringify(server)).digest('hex').slice(0, 8)}`;
}
