import { canonicalJson, digest } from '../lib/json/canonical-json.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { PolicySpec, RuleSpec } from './rule.js';

/** The domain byte of policy revisions among the things that are hashed. */
const policyDomain = 0x13;

/** The content hash of a policy: the same rules have the same revision, in whatever order and file they stand. */
export function revisionOf(spec: PolicySpec): string {
  const rules = spec.rules.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(contentOf);
  return digest(policyDomain, canonicalJson({ default: spec.default, rules }));
}

/** What a rule does; sentences and places are left out. The order of names in a match means nothing. */
function contentOf(spec: RuleSpec): JsonObject {
  const { id, match, when, during, effect, shadow, limits, approval, layer } = spec;
  const onTrial = shadow === true || undefined;
  const names = sorted({ match, during });
  const callers = layer && `${layer.callers}:${layer.tenant}`;
  return plain({ id, ...names, when, effect, shadow: onTrial, limits, approval, callers }) as JsonObject;
}

function sorted<Value>(value: Value): Value {
  if (Array.isArray(value)) return [...new Set<string>(value)].sort() as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, sorted(inner)])) as Value;
}

/** Without members that are undefined, which JSON does not know. */
function plain(value: unknown): JsonValue {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value as JsonValue;
  const members = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(members.map(([name, inner]) => [name, plain(inner)]));
}
