import { readFileSync } from 'node:fs';
import { carriedOut, endsWithCaller, ofBudget, ofRate, waitsForTurn } from './fixture-policy.js';
import { lacksTerminal } from './terminal-steps.js';
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
  'approval-integrity',
  'approval-display',
  'session-state',
  'upstream-malice',
  'stdio-process',
  'resource-limits',
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

/** Those in which people and money have a part, nearly all with a gateway of their own. */
export const heldCategories: readonly string[] = [
  'budget-rate-time',
  'approval-integrity',
  'approval-display',
];

/** What a case may need that the gateway does not offer. */
const notOffered = new Set(['replicas', 'CSV export']);

/** What a case needs and cannot have. */
export function lacking({ needs = [] }: AttackCase): string[] {
  return needs.filter((need) => notOffered.has(need));
}

/** All cases of the public corpus in those categories, in its order. */
export function loadCases(): AttackCase[] {
  const file = new URL('attack-corpus.public.json', import.meta.url);
  const corpus: { cases: AttackCase[] } = JSON.parse(readFileSync(file, 'utf8'));
  return corpus.cases
    .filter(({ category }) => (categories as readonly string[]).includes(category))
    .filter(({ steps }) => !lacksTerminal(steps))
    .flatMap((one) => adapted(one));
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

/** Of one who asks for the same again and again, each time something else: equal calls join one hold. */
function eachOfItsOwn(one: AttackCase, from: string): AttackCase {
  return { ...one, steps: changedText(one.steps, from, `${from.slice(0, -1)}{{i}}${from.slice(-1)}`) };
}

/** Money and calls in a minute count for cases about them alone, and not where these turn them off. */
function withLimits(one: AttackCase): AttackCase {
  const { setup = [], needs = [] } = one;
  if (needs.includes('clock')) return one;
  const isOff = setup.some(({ policy }) => String(policy).startsWith('rate limit'));
  const limits = [{ policy: ofBudget }, ...(isOff ? [] : [{ policy: ofRate }])];
  return { ...one, setup: [...setup, ...limits] };
}

function inserted(one: AttackCase, at: number, ...steps: readonly Item[]): AttackCase {
  return { ...one, steps: [...one.steps.slice(0, at), ...steps, ...one.steps.slice(at)] };
}

function withSetup(one: AttackCase, policy: string): AttackCase {
  return { ...one, setup: [...(one.setup ?? []), { policy }] };
}

/** Of the ends that a case allows, the one that its set-up has. */
function ended(one: AttackCase, which: number): AttackCase {
  const [{ any_of: groups = [] } = {}] = one.expect as readonly { any_of?: readonly Item[][] }[];
  return { ...one, expect: groups[which] ?? [] };
}

type Adaptation = (one: AttackCase) => AttackCase | readonly AttackCase[];

/** Cases whose requests are not quite as 2026-07-28 wants them would be refused for that, whatever they are about. */
const adaptations: Readonly<Record<string, Adaptation>> = {
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
  // What it has spent is seen where nobody else spends.
  'OK-012': (one) => withSetup(one, ofBudget),
  'SESS-009': thatCanBeAsked,
  'SESS-011': thatCanBeAsked,
  'KEY-020': (one) => {
    const wish = '\\"toolsListChanged\\":true';
    return { ...one, steps: changedText(one.steps, wish, `\\"notifications\\":{${wish}}`) };
  },
  'BUD-007': (one) => eachOfItsOwn(one, 'acct-7\\'),
  'APPR-008': (one) => withSetup(one, waitsForTurn),
  // While the caller waits on the line, a yes releases that very call; all ten must come again, so the line ends first.
  'APPR-010': (one) => inserted(one, 2, { fault: { stop: 'gateway before forward' } }),
  'APPR-012': (one) => eachOfItsOwn(one, 'invoice 17\\'),
  // The approver is at the page, signed in, when the group is left.
  'APPR-018': (one) => {
    const steps = changedText(one.steps, '"as":"approver-1"', '"as":"approver-1","via":"console"');
    const open = { console_open: { as: 'approver-1', page: 'hold:h1', save: 'p' } };
    return inserted({ ...one, steps }, 2, open);
  },
  // Only an administrator approves beforehand.
  'APPR-024': (one) => ({ ...one, steps: changedText(one.steps, '"approver-1"', '"head-of-finance"') }),
  // What becomes of the hold is for the operator to choose; each choice has its own end.
  'APPR-026': (one) => [
    ended(withSetup(one, endsWithCaller), 0),
    { ...ended(withSetup(one, carriedOut), 1), id: 'APPR-026 (execute)' },
  ],
  'APPR-028': (one) => inserted(eachOfItsOwn(one, 'acct-7\\'), 1, { complete_all: {} }),
  // The gateway lists the tools again when it is told to.
  'VIEW-017': (one) =>
    inserted(one, 1, { upstream_do: { upstream: 'pay', send: 'notifications/tools/list_changed' } }),
};

function adapted(one: AttackCase): readonly AttackCase[] {
  const counted = one.category === 'budget-rate-time' ? withLimits(one) : one;
  return [adaptations[one.id]?.(counted) ?? counted].flat();
}

function changedText(steps: readonly Item[], from: string, to: string): readonly Item[] {
  const text = JSON.stringify(steps);
  if (!text.includes(from)) throw new Error(`no step has ${from}`);
  return JSON.parse(text.replaceAll(from, to));
}

/** The kind of an item: its first key. */
export function kindOf(item: Item): string {
  return Object.keys(item)[0] ?? '';
}
