import type { Trail } from '../../audit/trail.js';
import { systemClock } from '../../lib/clock.js';
import type { Layer } from '../../model/api-layer.js';
import { PolicyFaults, type PolicyProblem } from '../../policy/policy-problem.js';
import type { Store } from '../../store/open-store.js';
import { broughtBy } from '../brought-problems.js';
import { ConfigError } from '../config/config-error.js';
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
    async putInForce(layer, { type, members, origin }, keep) {
      const next = withLayer(config, layer);
      const known = offer(next);
      const { rev, problems } = await examined(next, known);
      const before = problems.length === 0 ? [] : await problemsBefore(config, store.layer.current(), known);
      const refused = broughtBy(origin, problems, before);
      if (refused.length > 0) throw refusedRules(refused);
      await trail.write(type, { ...members, policy: { rev } });
      keep();
    },
    refused: ({ members }, detail) => trail.note('policy.rejected', { ...members, detail }),
  });
}

async function problemsBefore(
  config: EffectiveConfig,
  layer: Layer,
  offer: OfferSnapshot,
): Promise<readonly PolicyProblem[]> {
  try {
    return (await examined(withLayer(config, layer), offer)).problems;
  } catch (cause) {
    // What cannot be read at all excuses nothing.
    if (cause instanceof ConfigError) return [];
    throw cause;
  }
}

interface Examined {
  readonly rev: string;
  readonly problems: readonly PolicyProblem[];
}

/** Throws ConfigError for rules that do not compile. */
async function examined(config: EffectiveConfig, offer: OfferSnapshot): Promise<Examined> {
  try {
    return await withBench(config, offer, ({ policy, offer: known, presence }) => {
      return { rev: policy.revision, problems: policy.check(known, presence) };
    });
  } catch (cause) {
    throw cause instanceof PolicyFaults ? refusedRules(cause.problems) : cause;
  }
}
