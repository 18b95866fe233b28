import type { Trail } from '../audit/trail.js';
import { Broker } from '../credentials/broker.js';
import { Redactor } from '../inspection/redactor.js';
import { ConcurrencyLimits } from '../limits/concurrency-limits.js';
import { ArgumentCheck } from '../pipeline/argument-check.js';
import type { House, Snapshot } from '../pipeline/house.js';
import type { Policy } from '../policy/policy.js';
import { openStore, type Store } from '../store/open-store.js';
import type { UpstreamEvent } from '../upstreams/upstream-event.js';
import type { UpstreamSpec } from '../upstreams/upstream-spec.js';
import type { Upstreams } from '../upstreams/upstreams.js';
import { builtInSources } from './builtins.js';
import type { EffectiveConfig } from './config/effective-config.js';
import { contentPolicyOf, createTrail } from './create-trail.js';
import { createUpstreams } from './create-upstreams.js';
import { Doubts } from './doubts.js';
import type { GatewayOptions } from './gateway-options.js';
import { createSnapshot, policyOf, type SnapshotParts } from './snapshot.js';
import { upstreamSpecsOf } from './upstream-specs.js';

/** What changes as a whole with the configuration. */
export interface Revision {
  readonly config: EffectiveConfig;
  readonly specs: readonly UpstreamSpec[];
  readonly policy: Policy;
  /** Reads the secrets of this configuration and its environment. */
  readonly broker: Broker;
  readonly snapshot: Snapshot;
}

/** The collaborators of one gateway, put together. */
export interface Parts {
  readonly options: GatewayOptions;
  readonly store: Store;
  readonly trail: Trail;
  readonly upstreams: Upstreams;
  readonly house: House;
  readonly doubts: Doubts;
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
  const redact = (text: string) => redactor.redact(text);
  const doubts = new Doubts();
  const onCredentialFault = (id: string, reason: string) => parts.upstreams.credentialFailed(id, reason);
  const makeRevision = revisionMaker(options, { redactor, doubts, onCredentialFault });
  const revision = makeRevision(config);
  const { durability } = config.audit;
  const limits = new ConcurrencyLimits();
  const callsUnderWay = () => limits.inProgress;
  const store = await openStore({ directory: config.dataDir, durability, clock, log, callsUnderWay });
  const inForce = () => parts.revision;
  const content = () => contentPolicyOf(inForce().config);
  const trail = createTrail(store, { clock, log, content, redact });
  const broker = () => inForce().broker;
  const upstreams = createUpstreams({ config, broker, redact, clock, log, onEvent });
  const house: House = {
    snapshot: () => inForce().snapshot,
    limits,
    upstreams,
    argumentCheck: new ArgumentCheck((id) => isOpen(inForce().specs, id)),
    redactor,
    trail,
    clock,
    log,
  };
  const parts: Parts = { options, store, trail, upstreams, house, doubts, revision, makeRevision };
  return parts;
}

interface Neighbours extends Pick<SnapshotParts, 'doubts' | 'onCredentialFault'> {
  readonly redactor: Redactor;
}

function revisionMaker({ clock }: GatewayOptions, { redactor, ...rest }: Neighbours): Parts['makeRevision'] {
  return (config) => {
    const broker = new Broker({ sources: builtInSources(config), clock });
    broker.onValue((secret) => redactor.learn(secret));
    const specs = upstreamSpecsOf(config);
    const policy = policyOf(config);
    const snapshot = createSnapshot({ config, policy, specs, broker, ...rest });
    return { config, specs, policy, broker, snapshot };
  };
}

function isOpen(specs: readonly UpstreamSpec[], id: string): boolean {
  return specs.some((spec) => spec.id === id && spec.openArguments === true);
}
