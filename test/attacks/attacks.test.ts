import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { CaseFailure, CaseRun } from './case-run.js';
import { type AttackCase, categories, kindOf, loadCases } from './corpus.js';
import { judgeAll, unknownExpectations } from './expectations.js';
import { canSetUp, type Fixture, startFixture } from './fixture.js';
import { runSteps, unknownSteps } from './steps.js';

/** A case that does not run, or not wholly: `missing` are the kinds of step and expectation that stand in the way. */
interface NotApplicable {
  readonly id: string;
  readonly missing: readonly string[];
  readonly reason: string;
}

const listed: readonly NotApplicable[] = JSON.parse(
  readFileSync(new URL('not-applicable.json', import.meta.url), 'utf8'),
);
const cases = loadCases();
const fixtures = new Map<string, Promise<Fixture>>();

afterAll(async () => {
  const started = await Promise.allSettled(fixtures.values());
  for (const one of started) if (one.status === 'fulfilled') await one.value.close();
});

/** Cases with the same set-up share a gateway; nearly all have none. */
function fixtureFor(one: AttackCase): Promise<Fixture> {
  const setup = one.setup ?? [];
  const key = JSON.stringify(setup);
  const fixture = fixtures.get(key) ?? startFixture(setup);
  fixtures.set(key, fixture);
  return fixture;
}

/** Kinds that cannot be run, and kinds that cannot be judged while the rest of the case can. */
function missingOf(one: AttackCase): { steps: string[]; expectations: string[] } {
  const setup = (one.setup ?? []).filter((item) => !canSetUp(item)).map(kindOf);
  return {
    steps: [...new Set([...setup, ...unknownSteps(one.steps)])],
    expectations: [...new Set(unknownExpectations(one.expect))],
  };
}

async function problemsOf(one: AttackCase): Promise<string[]> {
  const run = new CaseRun(await fixtureFor(one), cases.indexOf(one) + 1);
  await runSteps(run, one.steps);
  // What was wrongly let through may still be on its way to an upstream.
  await sleep(25);
  return judgeAll(run, one.expect);
}

async function mustPass(one: AttackCase): Promise<void> {
  const problems = await problemsOf(one);
  if (problems.length > 0) throw new CaseFailure(one, problems);
}

for (const category of categories) {
  describe(category, () => {
    for (const one of cases.filter((found) => found.category === category)) {
      const exception = listed.find(({ id }) => id === one.id);
      const missing = missingOf(one);
      const title = `${one.id} ${one.title}`;
      // What cannot be run is told by the list below, which must name it.
      if (missing.steps.length > 0) continue;
      if (exception === undefined) it(title, () => mustPass(one));
      else if (missing.expectations.length > 0)
        it(`${title} (without ${missing.expectations.join(', ')})`, () => mustPass(one));
      else {
        it(`${title} (listed as not applicable, and indeed fails: ${exception.reason})`, async () => {
          expect(await problemsOf(one), 'the case passes now: take it off the list').not.toEqual([]);
        });
      }
    }
  });
}

describe('the list of cases that are not applicable', () => {
  it('names every case that is not run or judged wholly, with exactly what is missing', () => {
    const incomplete = cases
      .map((one) => ({ id: one.id, missing: Object.values(missingOf(one)).flat().sort() }))
      .filter(({ missing }) => missing.length > 0);
    const named = listed.map(({ id, missing }) => ({ id, missing: [...missing].sort() }));
    const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
    expect(named.filter(({ missing }) => missing.length > 0).sort(byId)).toEqual(incomplete.sort(byId));
  });

  it('gives a reason for each, names each once, and names only cases of the corpus', () => {
    for (const { reason } of listed) expect(reason.length).toBeGreaterThan(20);
    const ids = listed.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(cases.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
  });
});
