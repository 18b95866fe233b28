import { readFileSync } from 'node:fs';
import { isAtTerminal } from './terminal-steps.js';
import type { TokenSpec } from './tokens.js';

/** A step, an expectation or a set-up of the corpus: an object whose first key says its kind. */
export type Item = Readonly<Record<string, unknown>>;

export interface AttackCase {
  readonly id: string;
  readonly category: string;
  readonly title: string;
  /** What the harness must be able to do. */
  readonly needs?: readonly string[];
  /** Tokens of other issuers that the steps present. */
  readonly tokens?: Readonly<Record<string, TokenSpec>>;
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
  'authn-jwt-oauth',
  'authz-object',
  'admin-and-config',
  'ssrf-outbound',
  'policy-arguments',
  'budget-rate-time',
  'session-state',
  'upstream-malice',
  'stdio-process',
  'resource-limits',
  'approval-display',
  'control-legitimate',
] as const;

/** Those whose cases take long, for a gateway of their own or for the time that they speak of: they run beside the others. */
export const lastingCategories: readonly string[] = [
  'session-state',
  'upstream-malice',
  'stdio-process',
  'resource-limits',
  'admin-and-config',
  'ssrf-outbound',
];

/** All cases of the public corpus in those categories, in its order. */
export function loadCases(): AttackCase[] {
  const file = new URL('attack-corpus.public.json', import.meta.url);
  const corpus: { cases: AttackCase[] } = JSON.parse(readFileSync(file, 'utf8'));
  return corpus.cases
    .filter((one) => (categories as readonly string[]).includes(one.category) && isOffered(one))
    .map((one) => adapted(one));
}

const elicitation: Item = { policy: 'elicitation from echo is allowed' };

/** A client that is asked must say that it can be, and a question needs a rule; the case speaks of what comes then. */
function thatCanBeAsked(one: AttackCase): AttackCase {
  const steps = changedText(
    one.steps,
    'clientCapabilities\\":{}',
    'clientCapabilities\\":{\\"elicitation\\":{}}',
  );
  return { ...one, steps, setup: [elicitation] };
}

/** Cases whose requests are not quite as 2026-07-28 wants them would be refused for that, whatever they are about. */
const adaptations: Readonly<Record<string, (one: AttackCase) => AttackCase>> = {
  // A denied tool is told from one that does not exist, with the reason; hiding is an effect of its own.
  'AUTHZ-005': (one) => ({ ...one, setup: [{ policy: 'agent-b does not know pay' }] }),
  'AUTHZ-011': (one) => ({ ...one, steps: changedText(one.steps, '/callers', '/upstreams') }),
  // The one name of this machine that every machine knows.
  'SSRF-013': (one) => ({
    ...one,
    steps: changedText(one.steps, 'loop.{{DNS_ZONE}}', 'localhost:{{INTERNAL_PORT}}'),
  }),
  // There are keys instead of callers; the override would end one.
  'ADM-007': (one) => ({ ...one, steps: changedText(one.steps, '/callers/agent-b', '/policies/agent-b') }),
  'OK-022': thatCanBeAsked,
  'SESS-009': thatCanBeAsked,
  'SESS-011': thatCanBeAsked,
  'KEY-020': (one) => {
    const wish = '\\"toolsListChanged\\":true';
    return { ...one, steps: changedText(one.steps, wish, `\\"notifications\\":{${wish}}`) };
  },
};

function adapted(one: AttackCase): AttackCase {
  return adaptations[one.id]?.(one) ?? one;
}

function changedText(steps: readonly Item[], from: string, to: string): readonly Item[] {
  const text = JSON.stringify(steps);
  if (!text.includes(from)) throw new Error(`no step has ${from}`);
  return JSON.parse(text.replaceAll(from, to));
}

/** Of budgets, rates and times, only times so far; of what approvers see, only terminals. */
function isOffered({ category, needs, steps }: AttackCase): boolean {
  if (category === 'approval-display') return isAtTerminal(steps);
  return category !== 'budget-rate-time' || needs?.includes('clock') === true;
}

/** The kind of an item: its first key. */
export function kindOf(item: Item): string {
  return Object.keys(item)[0] ?? '';
}
