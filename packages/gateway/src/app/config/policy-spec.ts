import type { RuleConfig } from '#contract';
import type { PolicySpec, RuleSpec } from '../../policy/rule.js';
import type { EffectiveConfig } from './effective-config.js';

/** The policy that a configuration declares. */
export function policySpecOf(config: EffectiveConfig): PolicySpec {
  return {
    default: config.policy.default,
    rules: config.policy.rules.map((rule) => ruleSpecOf(rule, config)),
  };
}

function ruleSpecOf({ id, match, when, effect, reason }: RuleConfig, config: EffectiveConfig): RuleSpec {
  const origin = config.ruleOrigins[id];
  return {
    id,
    match: {
      ...(match.tools === undefined ? {} : { tools: match.tools }),
      ...(match.upstreams === undefined ? {} : { upstreams: match.upstreams }),
      ...(match.principals === undefined ? {} : { principals: match.principals }),
      ...(match.methods === undefined ? {} : { methods: match.methods }),
    },
    ...(when === undefined ? {} : { when }),
    effect,
    ...(reason === undefined ? {} : { reason }),
    ...(origin === undefined ? {} : { origin }),
  };
}
