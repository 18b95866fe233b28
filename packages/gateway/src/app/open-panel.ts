import { Broker } from '../credentials/broker.js';
import type { Clock } from '../lib/clock.js';
import { EvaluatorPanel } from '../policy/evaluator-panel.js';
import { compilePolicy, type Policy } from '../policy/policy.js';
import { builtInSources } from './builtins.js';
import type { EffectiveConfig } from './config/effective-config.js';
import { policySpecOf } from './config/policy-spec.js';
import { createEvaluators } from './create-evaluators.js';

/** What decides under a configuration, for commands that run no gateway; rejects with PolicyFaults and ConfigError. */
export async function openPanel(
  config: EffectiveConfig,
  clock: Clock,
): Promise<{ policy: Policy; panel: EvaluatorPanel }> {
  const policy = compilePolicy(policySpecOf(config));
  const broker = new Broker({ sources: builtInSources(config), clock });
  const evaluators = await createEvaluators(config, { broker, clock });
  return { policy, panel: new EvaluatorPanel(policy, evaluators, clock) };
}
