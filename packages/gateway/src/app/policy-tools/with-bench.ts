import { systemClock } from '../../lib/clock.js';
import type { EffectiveConfig } from '../config/effective-config.js';
import { configInMemory } from '../config/load-config.js';
import { openPanel } from '../open-panel.js';
import type { OfferSnapshot } from './offer-snapshot.js';
import { PolicyBench } from './policy-bench.js';
import { withRecordedUpstreams } from './recorded-upstreams.js';

/**
 * Opens the policy of a configuration over what servers offered, for as long as `use` takes. Rejects with PolicyFaults
 * and ConfigError for a policy that does not compile.
 */
export async function withBench<Result>(
  config: EffectiveConfig,
  snapshot: OfferSnapshot,
  use: (bench: PolicyBench) => Promise<Result> | Result,
): Promise<Result> {
  const { policy, panel } = await openPanel(config, systemClock);
  const whole = await withServers(config, snapshot);
  return withRecordedUpstreams(whole, snapshot, (upstreams) =>
    use(new PolicyBench({ config: whole, policy, panel, upstreams })),
  );
}

/** Policies of some dialects name no server; those of the snapshot then stand behind them. */
async function withServers(config: EffectiveConfig, snapshot: OfferSnapshot): Promise<EffectiveConfig> {
  if (Object.keys(config.upstreams).length > 0) return config;
  const placeholders = Object.keys(snapshot).map((id) => [id, { command: 'recorded' }]);
  const { upstreams } = await configInMemory(
    { upstreams: Object.fromEntries(placeholders) },
    config.baseDir,
    {
      environment: {},
    },
  );
  return { ...config, upstreams };
}
