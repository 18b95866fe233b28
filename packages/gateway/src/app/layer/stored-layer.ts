import type { Trail } from '../../audit/trail.js';
import { systemClock } from '../../lib/clock.js';
import { PolicyFaults } from '../../policy/policy-problem.js';
import type { Store } from '../../store/open-store.js';
import type { EffectiveConfig } from '../config/effective-config.js';
import type { OfferSnapshot } from '../policy-tools/offer-snapshot.js';
import { withBench } from '../policy-tools/with-bench.js';
import { refusedRules } from '../snapshot.js';
import { LayerDesk } from './layer-desk.js';
import { withLayer } from './with-layer.js';

export interface StoredLayerParts {
  readonly store: Store;
  readonly trail: Trail;
  /** Of the file, or of defaults where there is none. */
  readonly config: EffectiveConfig;
  /** What is known of what servers offer. */
  readonly offer: (config: EffectiveConfig) => OfferSnapshot;
}

/** The layer of a store, whether gateways run on it or not: those follow what is made here within a second. */
export function createStoredLayer({ store, trail, config, offer }: StoredLayerParts): LayerDesk {
  return new LayerDesk({
    table: store.layer,
    clock: systemClock,
    file: () => config,
    inTurn: async (work) => work(),
    async putInForce(layer, { type, members }, keep) {
      const next = withLayer(config, layer);
      const rev = await revisionOf(next, offer(next));
      await trail.write(type, { ...members, policy: { rev } });
      keep();
    },
    refused: ({ members }, detail) => trail.note('policy.rejected', { ...members, detail }),
  });
}

/** Throws ConfigError for rules that do not fit what is known. */
async function revisionOf(config: EffectiveConfig, offer: OfferSnapshot): Promise<string> {
  try {
    return await withBench(config, offer, (bench) => {
      const problems = bench.policy.check(bench.offer, bench.presence);
      if (problems.length > 0) throw refusedRules(problems);
      return bench.policy.revision;
    });
  } catch (cause) {
    throw cause instanceof PolicyFaults ? refusedRules(cause.problems) : cause;
  }
}
