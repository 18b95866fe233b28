import { nearest } from '../../lib/nearest.js';
import type { History } from '../../model/history.js';
import type { JsonValue } from '../../model/json.js';
import type { Principal } from '../../model/principal.js';
import type { Target, TargetKind } from '../../model/target.js';
import type { RuleTrace } from '../../policy/explain.js';
import { Histories } from '../../policy/histories.js';
import type { GoldenFile, PlacedCase } from './golden-file.js';
import type { PastCall } from './golden-schema.js';
import { type PolicyBench, type TrialAnswer, type TrialCall, usualMethod } from './policy-bench.js';
import type { RuleCoverage } from './rule-coverage.js';

/** What became of one golden case. */
export interface GoldenResult {
  readonly title: string;
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly expected: string;
  readonly found: string;
  /** What is not as expected, a sentence each; empty for a case that holds. */
  readonly problems: readonly string[];
  /** Of a case that does not hold: what the rules said that were about the call. */
  readonly trace: readonly string[];
}

/** Asks the policy about every case of a file, in order, and notes which rules took part. */
export async function judgeGolden(
  golden: GoldenFile,
  bench: PolicyBench,
  coverage: RuleCoverage,
): Promise<GoldenResult[]> {
  const results: GoldenResult[] = [];
  for (const one of golden.cases) results.push(await judgeCase(one, { golden, bench, coverage }));
  return results;
}

interface Court {
  readonly golden: GoldenFile;
  readonly bench: PolicyBench;
  readonly coverage: RuleCoverage;
}

async function judgeCase(one: PlacedCase, court: Court): Promise<GoldenResult> {
  const { golden, bench, coverage } = court;
  const { title, line, column, expect } = one;
  const place = {
    file: golden.file,
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
  };
  const head = { title, ...place, expected: expect.effect };
  const made = callOf(one, golden, bench);
  if (made === undefined) {
    const [kind, name] = wantedOf(one);
    const wrong = expect.effect === 'unknown_target' ? [] : [unknown(kind, name, bench)];
    return { ...head, found: 'unknown_target', trace: [], problems: wrong };
  }
  const answer = await bench.explain(made.call);
  coverage.note(answer);
  const problems = [...made.problems, ...differences(one, answer)];
  const trace = problems.length === 0 ? [] : answer.rules.flatMap(traceLine);
  return { ...head, found: answer.effect, problems, trace };
}

/** The calls of all cases whose targets there are. */
export function callsOf(golden: GoldenFile, bench: PolicyBench): TrialCall[] {
  return golden.cases.flatMap((one) => callOf(one, golden, bench)?.call ?? []);
}

/** Nothing where there is no such target. */
function callOf(one: PlacedCase, golden: GoldenFile, bench: PolicyBench) {
  const [kind, name] = wantedOf(one);
  const target = bench.find(kind, name, one.endpoint);
  if (target === undefined) return undefined;
  const at = one.at === undefined ? golden.at : Date.parse(one.at);
  const principal = callerOf(one.as, golden);
  const { history, problems } = pastOf(one.history ?? [], { bench, principal, at });
  const method = one.method ?? usualMethod(target);
  const call: TrialCall = { target, method, principal, args: one.args, at, list: one.list, history };
  return { call, problems };
}

function wantedOf({ tool, prompt, resource, template, extension }: PlacedCase): [TargetKind, string] {
  if (tool !== undefined) return ['tool', tool];
  if (prompt !== undefined) return ['prompt', prompt];
  if (resource !== undefined) return ['resource', resource];
  return template === undefined ? ['method', extension ?? ''] : ['template', template];
}

function unknown(kind: TargetKind, name: string, { upstreams }: PolicyBench): string {
  const all: Partial<Record<TargetKind, readonly Target[]>> = {
    tool: upstreams.tools(),
    prompt: upstreams.prompts(),
    resource: upstreams.resources(),
    template: upstreams.templates(),
  };
  const names = (all[kind] ?? []).map(({ exposedName }) => exposedName);
  const meant = nearest(name, names);
  const remedy = meant === undefined ? '' : `; did you mean "${meant}"?`;
  return `no server offers the ${kind} "${name}"${remedy}`;
}

function callerOf(as: PlacedCase['as'], { callers }: GoldenFile): Principal {
  const id = as?.id ?? 'local';
  const known = Object.hasOwn(callers, id) ? callers[id] : undefined;
  const { roles = ['agent' as const], labels = {}, tenant = 'default' } = { ...known, ...present(as) };
  return { id: known?.id ?? id, credential: 'local', tenant, roles, labels };
}

function present<Value extends object>(value: Value | undefined): Partial<Value> {
  const members = Object.entries(value ?? {}).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(members) as Partial<Value>;
}

interface Past {
  readonly bench: PolicyBench;
  readonly principal: Principal;
  readonly at: number;
}

/** Calls that happened before, in the order in which they are written; one that says nothing was a minute ago. */
function pastOf(calls: readonly PastCall[], { bench, principal, at }: Past) {
  const histories = new Histories();
  const problems: string[] = [];
  for (const call of calls) {
    const [kind, name] = wantedOf(call as unknown as PlacedCase);
    const target = bench.find(kind, name);
    if (target === undefined) {
      problems.push(`history: ${unknown(kind, name, bench)}`);
      continue;
    }
    for (let turn = 0; turn < (call.times ?? 1); turn += 1)
      histories.began(principal, target, at - durationMs(call.ago ?? '1m'));
    if (call.result !== undefined) histories.learned(principal, target, call.result as JsonValue);
  }
  const history: History = histories.of(principal);
  return { history, problems };
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function durationMs(text: string): number {
  return Number.parseInt(text, 10) * (unitMs[text.at(-1) ?? ''] ?? 0);
}

function differences({ expect }: PlacedCase, answer: TrialAnswer): string[] {
  const { decision, effect, invalid } = answer;
  const problems: string[] = [];
  const differ = (what: string, wanted: string | undefined, found: string | undefined) => {
    if (wanted !== undefined && wanted !== found)
      problems.push(`${what}: expected ${wanted}, found ${found ?? 'none'}`);
  };
  differ('effect', expect.effect, effect);
  if (problems.length > 0) problems.push(`reason: ${invalid ?? decision.detail ?? decision.reason}`);
  const decidedBy = decision.rule ?? (decision.evaluator === undefined ? 'default' : undefined);
  differ('rule', expect.rule, decidedBy);
  differ('evaluator', expect.evaluator, decision.evaluator);
  differ('with the rules on trial', expect.shadow, decision.shadow?.effect);
  const said = [invalid, decision.reason, decision.detail].filter((part) => part !== undefined).join(' ');
  if (expect.reason !== undefined && !said.includes(expect.reason))
    problems.push(
      `reason: expected one with ${JSON.stringify(expect.reason)}, found ${JSON.stringify(said)}`,
    );
  if (expect.limits !== undefined) {
    const limits = (decision.obligations?.limits ?? []).map(({ id }) => id);
    const [wanted, found] = [[...expect.limits].sort().join(', '), limits.sort().join(', ')];
    differ('limits', wanted || 'none', found || 'none');
  }
  return problems;
}

function traceLine({ id, effect, matched, why, condition, schedules }: RuleTrace): string[] {
  const wasAsked =
    schedules !== undefined || (condition !== undefined && condition.result !== 'not evaluated');
  if (!matched && !wasAsked) return [];
  const said = matched ? 'applies' : (why ?? 'does not apply');
  const values = Object.entries(condition?.values ?? {}).map(([path, value]) => `${path} = ${value}`);
  return [`${id} (${effect}): ${said}${values.length === 0 ? '' : ` [${values.join(', ')}]`}`];
}
