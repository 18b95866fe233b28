import type { Trail } from '../audit/trail.js';
import { Broker } from '../credentials/broker.js';
import { Redactor } from '../inspection/redactor.js';
import { ConcurrencyLimits } from '../limits/concurrency-limits.js';
import { ArgumentCheck } from '../pipeline/argument-check.js';
import type { House, Snapshot } from '../pipeline/house.js';
import { openStore, type Store } from '../store/open-store.js';
import type { UpstreamEvent } from '../upstreams/upstream-event.js';
import type { UpstreamSpec } from '../upstreams/upstream-spec.js';
import type { Upstreams } from '../upstreams/upstreams.js';
import { builtInSources } from './builtins.js';
import type { EffectiveConfig } from './config/effective-config.js';
import { contentPolicyOf, createTrail } from './create-trail.js';
import { createUpstreams } from './create-upstreams.js';
import type { GatewayOptions } from './gateway-options.js';
import { createSnapshot, policyOf } from './snapshot.js';
import { upstreamSpecsOf } from './upstream-specs.js';

/** What changes as a whole with the configuration. */
export interface Revision {
  readonly config: EffectiveConfig;
  readonly specs: readonly UpstreamSpec[];
  readonly snapshot: Snapshot;
}

/** The collaborators of one gateway, put together. */
export interface Parts {
  readonly options: GatewayOptions;
  readonly store: Store;
  readonly broker: Broker;
  readonly trail: Trail;
  readonly upstreams: Upstreams;
  readonly house: House;
  /** The revision in force. */
  revision: Revision;
  makeRevision(config: EffectiveConfig): Revision;
}

/** Opens the store and puts everything together. Starts no upstream and no listener. */
export async function assemble(
  options: GatewayOptions,
  onEvent: (event: UpstreamEvent) => void,
): Promise<Parts> {
  const { config, clock, log } = options;
  const redactor = new Redactor();
  const broker = new Broker({ sources: builtInSources(config), clock });
  broker.onValue((secret) => redactor.learn(secret));
  const redact = (text: string) => redactor.redact(text);
  const limits = new ConcurrencyLimits({ perPrincipal: 1, perUpstream: 1 });
  const makeRevision = (next: EffectiveConfig): Revision => {
    const specs = upstreamSpecsOf(next);
    const snapshot = createSnapshot({ config: next, policy: policyOf(next), specs, broker, limits });
    return { config: next, specs, snapshot };
  };
  const revision = makeRevision(config);
  const store = await openStore({
    directory: config.dataDir,
    durability: config.audit.durability,
    clock,
    log,
  });
  const content = () => contentPolicyOf(parts.revision.config);
  const trail = createTrail(store, { clock, log, content, redact });
  const upstreams = createUpstreams({ config, broker, redact, clock, log, onEvent });
  const house: House = {
    snapshot: () => parts.revision.snapshot,
    upstreams,
    argumentCheck: new ArgumentCheck((id) => isOpen(parts.revision.specs, id)),
    redactor,
    trail,
    clock,
    log,
  };
  const parts: Parts = { options, store, broker, trail, upstreams, house, revision, makeRevision };
  return parts;
}

function isOpen(specs: readonly UpstreamSpec[], id: string): boolean {
  return specs.some((spec) => spec.id === id && spec.openArguments === true);
}
