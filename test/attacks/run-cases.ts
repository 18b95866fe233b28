import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from './admin-steps.js';
import { CaseFailure, CaseRun } from './case-run.js';
import { type AttackCase, kindOf, lacking, loadCases } from './corpus.js';
import { judgeAll, unknownExpectations } from './expectations.js';
import { type Fixture, startFixture } from './fixture.js';
import { canSetUp } from './fixture-policy.js';
import { closeBrowser } from './page-visit.js';
import { besideAnotherCaller } from './pressure-steps.js';
import { runSteps, unknownSteps } from './steps.js';

/** A case that does not run, or not wholly: `missing` are the kinds of step and expectation that stand in the way. */
export interface NotApplicable {
  readonly id: string;
  readonly missing: readonly string[];
  readonly reason: string;
}

/** The cases in scope. */
export const cases = loadCases();

/** Those of them that do not run, or not wholly. */
export const notApplicable: readonly NotApplicable[] = JSON.parse(
  readFileSync(new URL('not-applicable.json', import.meta.url), 'utf8'),
);

/** What is wrong with cases that were begun before their turn. */
const underWay = new Map<string, Promise<string[]>>();
const fixtures = new Map<string, Promise<Fixture>>();

/** Declares a test for each case of these categories. */
export function testCases(categories: readonly string[]): void {
  afterAll(async () => {
    const started = await Promise.allSettled(fixtures.values());
    for (const one of started) if (one.status === 'fulfilled') await one.value.close();
    await closeBrowser();
  });
  const patient = cases.filter((one) => categories.includes(one.category) && isPatient(one));
  beforeAll(() => {
    for (const one of patient) {
      const begun = problemsOf(one);
      begun.catch(() => undefined);
      underWay.set(one.id, begun);
    }
  });
  for (const category of categories) {
    describe(category, () => {
      for (const one of cases.filter((found) => found.category === category)) testCase(one);
    });
  }
}

function testCase(one: AttackCase): void {
  const exception = notApplicable.find(({ id }) => id === one.id);
  const missing = missingOf(one);
  const title = `${one.id} ${one.title}`;
  // What cannot be run is told by the list, which must name it.
  if (missing.steps.length > 0) return;
  if (exception === undefined) it(title, () => mustPass(one));
  else if (missing.expectations.length > 0)
    it(`${title} (without ${missing.expectations.join(', ')})`, () => mustPass(one));
  else {
    it(`${title} (listed as not applicable, and indeed fails: ${exception.reason})`, async () => {
      expect(await problemsOf(one), 'the case passes now: take it off the list').not.toEqual([]);
    });
  }
}

/** Kinds that cannot be run, and kinds that cannot be judged while the rest of the case can. */
export function missingOf(one: AttackCase): { steps: string[]; expectations: string[] } {
  const setup = (one.setup ?? []).filter((item) => !canSetUp(item)).map(kindOf);
  return {
    steps: [...new Set([...lacking(one), ...setup, ...unknownSteps(one.steps)])],
    expectations: [...new Set(unknownExpectations(one.expect))],
  };
}

async function mustPass(one: AttackCase): Promise<void> {
  const problems = await (underWay.get(one.id) ?? problemsOf(one));
  if (problems.length > 0) throw new CaseFailure(one, problems);
}

async function problemsOf(one: AttackCase): Promise<string[]> {
  const isOwn = needsOwnFixture(one);
  const fixture = await (isOwn ? newFixture(one) : sharedFixture(one));
  const run = new CaseRun(fixture, cases.indexOf(one) + 1, one.tokens);
  const steps = () => runSteps(run, one.steps);
  try {
    const other = one.expect.find((item) => kindOf(item) === 'other_caller_ok');
    await (other === undefined ? steps() : besideAnotherCaller(run, other, steps));
    await Promise.all(run.underWay);
    // What was wrongly let through may still be on its way to an upstream.
    await sleep(25);
    return await judgeAll(run, one.expect);
  } finally {
    await run.close();
    if (isOwn) await fixture.close();
    else await withdrawHolds(run);
  }
}

/** What still waits would be joined by the next case that makes an equal call. */
async function withdrawHolds(run: CaseRun): Promise<void> {
  const key = run.fixture.credentialOf('admin-1');
  for (const id of run.holds.values())
    await ask(run, { method: 'POST', path: `/v1/approvals/${id}/cancel`, key });
}

/** Cases that mostly wait for the gateway to end something run beside the others, from the start. */
function isPatient({ steps }: AttackCase): boolean {
  return steps.some((step) => ['open_stream', 'slowloris'].includes(kindOf(step)));
}

const lasting = new Set([
  'admin',
  'kill',
  'connect_only',
  'slowloris',
  'memory_growth_mib',
  'oauth',
  'spawns_at_most',
  'config_change',
]);

/** Their cases leave something behind: definitions, answers to calls, and what was spent. */
const changing = ['upstream-malice', 'approval-integrity'];

/** Cases that change what the gateway is, or measure it, have one of their own. */
function needsOwnFixture({ category, expect: expectations, steps }: AttackCase): boolean {
  const kinds = [...steps, ...expectations].map(kindOf);
  return changing.includes(category) || kinds.some((kind) => lasting.has(kind) || kind.startsWith('spent_'));
}

/** Cases with the same set-up share a gateway; nearly all have none. */
function sharedFixture(one: AttackCase): Promise<Fixture> {
  const key = JSON.stringify([one.setup ?? [], turnsClock(one)]);
  const fixture = fixtures.get(key) ?? newFixture(one);
  fixtures.set(key, fixture);
  return fixture;
}

function newFixture(one: AttackCase): Promise<Fixture> {
  // Only an upstream of an older revision sends requests.
  const steps = JSON.stringify(one.steps);
  return startFixture({
    setup: one.setup ?? [],
    turnsClock: turnsClock(one),
    evilEra: steps.includes('"server_request"') ? 'legacy' : 'modern',
    hasChat: one.needs?.includes('chat approvals') === true,
    remembers: one.needs?.includes('remembered approvals') === true,
  });
}

function turnsClock(one: AttackCase): boolean {
  return one.steps.some((step) => kindOf(step) === 'clock');
}
