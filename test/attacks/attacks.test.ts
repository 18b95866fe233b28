import { describe, expect, it } from 'vitest';
import { categories, heldCategories, lastingCategories } from './corpus.js';
import { cases, missingOf, notApplicable, testCases } from './run-cases.js';

const elsewhere = [...lastingCategories, ...heldCategories];

testCases(categories.filter((category) => !elsewhere.includes(category)));

describe('the list of cases that are not applicable', () => {
  it('names every case that is not run or judged wholly, with exactly what is missing', () => {
    const incomplete = cases
      .map((one) => ({ id: one.id, missing: Object.values(missingOf(one)).flat().sort() }))
      .filter(({ missing }) => missing.length > 0);
    const named = notApplicable.map(({ id, missing }) => ({ id, missing: [...missing].sort() }));
    const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
    expect(named.filter(({ missing }) => missing.length > 0).sort(byId)).toEqual(incomplete.sort(byId));
  });

  it('gives a reason for each, names each once, and names only cases of the corpus', () => {
    for (const { reason } of notApplicable) expect(reason.length).toBeGreaterThan(20);
    const ids = notApplicable.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(cases.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
  });
});
