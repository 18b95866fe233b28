import type { z } from 'zod';
import { configSchema } from '#contract';
import { nearest } from '../../lib/nearest.js';
import { describeValue, listWords } from './describe-value.js';
import { descriptionAt, isWholeNumberAt, knownKeys } from './known-keys.js';
import { isSecretPath } from './secret-like.js';

type Issue = z.core.$ZodIssue;

/** A problem before it is known where in which file it stands. */
export interface Finding {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly found?: string;
  readonly expected?: string;
}

/** Every issue of the schema in the words of the people who write configurations. */
export function issuesToFindings(issues: readonly Issue[], raw: unknown): Finding[] {
  return issues.flatMap((issue) => findingsOf(issue, raw));
}

function findingsOf(issue: Issue, raw: unknown): Finding[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey([...issue.path, key]));
    case 'invalid_union':
      return alternativeFindings(issue, raw);
    case 'invalid_key':
      return [invalidKey(issue), ...belowInvalidKey(issue, raw)];
    default:
      return [mismatchAt(issue.path, raw, expectation(issue))];
  }
}

function invalidKey(issue: z.core.$ZodIssueInvalidKey): Finding {
  const found = describeValue(issue.path.at(-1));
  const field = String(issue.path.at(-2));
  const expected = keyWords[field] ?? 'a name';
  return { path: issue.path, found, expected, message: `found the name ${found}; expected ${expected}` };
}

const keyWords: Readonly<Record<string, string>> = {
  upstreams: 'an id of 1 to 32 of a-z, 0-9 and "-", beginning with a letter or digit',
  toolsets: 'a name of 1 to 64 of A-Z, a-z, 0-9, ".", "_" and "-"',
  headers: 'the name of a header',
  env: 'the name of a variable',
};

/** The schema does not look at what stands under a wrong id; people want to know all the same. */
function belowInvalidKey(issue: Issue, raw: unknown): Finding[] {
  if (issue.path.length !== 2 || issue.path[0] !== 'upstreams') return [];
  const parsed = configSchema.shape.upstreams.valueType.safeParse(valueAt(raw, issue.path));
  const issues = parsed.error?.issues ?? [];
  return issuesToFindings(
    issues.map((below) => ({ ...below, path: [...issue.path, ...below.path] })),
    raw,
  );
}

/** A value that is there, or missing, and is not what was expected at its path. */
function mismatchAt(path: readonly PropertyKey[], raw: unknown, expected: string): Finding {
  const value = valueAt(raw, path);
  const found = describeValue(value, isSecretPath(path));
  return { path, found, expected, message: `found ${found}; expected ${expected}` };
}

function unknownKey(path: readonly PropertyKey[]): Finding {
  const candidates = knownKeys(configSchema, path.slice(0, -1));
  const key = String(path.at(-1));
  const meant = nearest(key, candidates);
  const remedy = meant === undefined ? '' : `; did you mean "${meant}"?`;
  const found = JSON.stringify(key);
  const expected = `one of ${listWords(candidates)}`;
  return { path, found, expected, message: `unknown key ${found}; expected ${expected}${remedy}` };
}

/** Reports the alternative that fits best; where none does, the choice itself and the keys that none knows. */
function alternativeFindings(issue: z.core.$ZodIssueInvalidUnion, raw: unknown): Finding[] {
  const branches = issue.errors.map((errors) =>
    errors.map((error) => ({ ...error, path: [...issue.path, ...error.path] }) as Issue),
  );
  const weights = branches.map((errors) => errors.reduce((sum, error) => sum + weight(error), 0));
  const least = Math.min(...weights);
  const best = branches.filter((_, index) => weights[index] === least);
  if (best.length === 1) return issuesToFindings(best[0] ?? [], raw);
  const unknown = branches.map((errors) =>
    errors.flatMap((e) => (e.code === 'unrecognized_keys' ? e.keys : [])),
  );
  const toNone = (unknown[0] ?? []).filter((key) => unknown.every((keys) => keys.includes(key)));
  const choice = mismatchAt(issue.path, raw, descriptionAt(configSchema, issue.path) ?? 'another form');
  return [choice, ...toNone.map((key) => unknownKey([...issue.path, key]))];
}

/** What says which alternative is meant, as a kind does, weighs more than what is missing in it. */
function weight(issue: Issue): number {
  if (issue.code === 'invalid_value' && issue.values.length === 1) return 2;
  return issue.code === 'unrecognized_keys' ? issue.keys.length : 1;
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
};

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (isWholeNumberAt(configSchema, issue.path)) return 'a whole number';
      return typeWords[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return listWords(issue.values.map((value) => JSON.stringify(value)));
    case 'too_small':
      return sized(issue.inclusive === false ? 'more than' : 'at least', issue.minimum, issue.origin);
    case 'too_big':
      return sized(issue.inclusive === false ? 'less than' : 'at most', issue.maximum, issue.origin);
    case 'invalid_format':
      if (issue.format === 'url') return 'an http or https URL';
      return descriptionAt(configSchema, issue.path) ?? issue.message;
    default:
      return issue.message;
  }
}

function sized(how: string, limit: number | bigint, origin: string): string {
  const unit = origin === 'string' ? 'character' : origin === 'array' ? 'item' : undefined;
  if (unit === undefined) return `${how} ${limit}`;
  return `${how} ${limit} ${unit}${Number(limit) === 1 ? '' : 's'}`;
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, part) => {
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.hasOwn(value, part) ? (value as Record<PropertyKey, unknown>)[part] : undefined;
  }, raw);
}
