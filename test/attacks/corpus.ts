import { readFileSync } from 'node:fs';

/** A step, an expectation or a set-up of the corpus: an object whose first key says its kind. */
export type Item = Readonly<Record<string, unknown>>;

export interface AttackCase {
  readonly id: string;
  readonly category: string;
  readonly title: string;
  readonly severity: 'blocker' | 'major' | 'minor';
  readonly setup?: readonly Item[];
  readonly steps: readonly Item[];
  readonly expect: readonly Item[];
}

/** The categories whose subject the gateway offers; others join as it grows. */
export const categories = [
  'json-parsing',
  'jsonrpc-shape',
  'tool-name-identity',
  'header-body-mismatch',
  'http-smuggling',
  'origin-host-csrf',
  'authn-keys',
  'control-legitimate',
] as const;

/** All cases of the public corpus in those categories, in its order. */
export function loadCases(): AttackCase[] {
  const file = new URL('attack-corpus.public.json', import.meta.url);
  const corpus: { cases: AttackCase[] } = JSON.parse(readFileSync(file, 'utf8'));
  return corpus.cases.filter((one) => (categories as readonly string[]).includes(one.category));
}

/** The kind of an item: its first key. */
export function kindOf(item: Item): string {
  return Object.keys(item)[0] ?? '';
}
