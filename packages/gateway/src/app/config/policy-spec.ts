import type { RuleConfig } from '#contract';
import type { ApprovalTerms } from '../../model/obligation.js';
import type { AnnotationMatch, PolicySpec, RuleMatch, RuleSpec } from '../../policy/rule.js';
import type { EffectiveConfig, RuleOrigin } from './effective-config.js';
import { limitOf } from './limit-spec.js';

/** The policy that a configuration declares. */
export function policySpecOf(config: EffectiveConfig): PolicySpec {
  const { rules = {}, upstreams = {} } = config.fromApi ?? {};
  const specs = ruleSpecsOf(config.policy.rules, config.ruleOrigins).map((spec): RuleSpec => {
    const layer = Object.hasOwn(rules, spec.id) ? rules[spec.id] : undefined;
    return layer === undefined ? spec : { ...spec, layer: { ...layer, callers: 'own' } };
  });
  const walls = Object.entries(upstreams).map(([id, tenant]) => wallAround(id, tenant));
  return {
    default: config.policy.default,
    rules: [...specs, ...walls],
    relayedMethods: config.extensions.relay.flatMap(({ methods }) => methods),
  };
}

/** An upstream that somebody made over REST is there for callers of their tenant only. */
function wallAround(upstream: string, tenant: string): RuleSpec {
  return {
    id: `api:tenant-of-${upstream}`,
    match: { upstreams: [upstream] },
    effect: 'hide',
    layer: { tenant, callers: 'others', policy: '', index: 0 },
  };
}

/** Configured rules in the form that is compiled; `origins` says where each stands. */
export function ruleSpecsOf(
  rules: readonly RuleConfig[],
  origins: Readonly<Record<string, RuleOrigin>> = {},
): RuleSpec[] {
  return rules.map((rule) => ruleSpecOf(rule, origins[rule.id]));
}

function ruleSpecOf(rule: RuleConfig, origin: RuleOrigin | undefined): RuleSpec {
  const { id, match, limits, approval, ...rest } = rule;
  const { annotations, ...names } = match;
  return {
    id,
    match: {
      ...present<Omit<RuleMatch, 'annotations'>>(names),
      ...(annotations && { annotations: present<AnnotationMatch>(annotations) }),
    },
    ...present<Pick<RuleSpec, 'effect' | 'when' | 'during' | 'reason' | 'shadow'>>(rest),
    ...(limits && {
      limits: limits.map((limit, index) => limitOf(limit, index === 0 ? id : `${id}-${index + 1}`)),
    }),
    ...(approval && { approval: termsOf(approval) }),
    ...(origin && { origin }),
  };
}

function termsOf({
  waitSeconds,
  expiresSeconds,
  ...rest
}: NonNullable<RuleConfig['approval']>): ApprovalTerms {
  return {
    ...present<ApprovalTerms>(rest),
    ...(waitSeconds !== undefined && { waitMs: waitSeconds * 1000 }),
    ...(expiresSeconds !== undefined && { expiresMs: expiresSeconds * 1000 }),
  };
}

/** Without members that are undefined. */
function present<Value extends object>(value: { [Name in keyof Value]?: Value[Name] | undefined }): Value {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as Value;
}
