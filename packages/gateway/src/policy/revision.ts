import { canonicalJson, digest } from '../lib/json/canonical-json.js';
import type { PolicySpec, RuleSpec } from './rule.js';

/** The domain byte of policy revisions among the things that are hashed. */
const policyDomain = 0x13;

/** The content hash of a policy: the same rules have the same revision, in whatever order and file they stand. */
export function revisionOf(spec: PolicySpec): string {
  const rules = spec.rules.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(contentOf);
  return digest(policyDomain, canonicalJson({ default: spec.default, rules }));
}

function contentOf({ id, match, when, effect }: RuleSpec) {
  const lists = Object.entries(match).filter(
    (entry): entry is [string, readonly string[]] => entry[1] !== undefined,
  );
  const sorted = Object.fromEntries(lists.map(([member, names]) => [member, [...new Set(names)].sort()]));
  return {
    id,
    match: sorted,
    effect,
    ...(when === undefined ? {} : { when }),
  };
}
