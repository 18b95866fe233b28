import { describeValue } from './describe-value.js';
import type { Finding } from './issues-to-findings.js';
import { isSecretPath } from './secret-like.js';

type Path = readonly PropertyKey[];

/** What no text of a configuration may hold, whatever it is for. */
const faults: readonly (readonly [RegExp, string])[] = [
  [/\p{Cs}/u, 'well-formed text, without half a surrogate pair'],
  [/\0/, 'text without the character NUL'],
];

/** Names and values that programs, headers and records cannot hold or read differently, anywhere in a raw configuration. */
export function checkTexts(raw: unknown): Finding[] {
  return findingsIn(raw, [], new Set());
}

/** Each value is looked at once, at the first path that leads to it. */
function findingsIn(value: unknown, path: Path, seen: Set<unknown>): Finding[] {
  if (typeof value === 'string') return textFindings(value, path, describeValue(value, isSecretPath(path)));
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  if (Array.isArray(value)) return value.flatMap((item, index) => findingsIn(item, [...path, index], seen));
  return Object.entries(value).flatMap(([name, inner]) => {
    const below = [...path, name];
    return [...nameFindings(name, below), ...findingsIn(inner, below, seen)];
  });
}

function nameFindings(name: string, path: Path): Finding[] {
  const found = describeValue(name);
  if (name !== '__proto__') return textFindings(name, path, `the name ${found}`);
  const message = `found the name ${found}, which programs confuse with something else; expected another name`;
  return [{ path, found, expected: 'another name', message }];
}

function textFindings(text: string, path: Path, found: string): Finding[] {
  return faults
    .filter(([fault]) => fault.test(text))
    .map(([, expected]) => ({ path, found, expected, message: `found ${found}; expected ${expected}` }));
}
