import { expect, test } from 'vitest';
import type { LayerKey } from '../model/api-layer.js';
import type { PolicyProblem } from '../policy/policy-problem.js';
import { broughtBy } from './brought-problems.js';

function problem(rule: string, tenant?: string, policy = 'p'): PolicyProblem {
  const whose = tenant && { tenant, layer: { tenant, callers: 'own' as const, policy, index: 0 } };
  return { rule, message: rule, what: rule, part: ['match', 'tools'], ...whose };
}

const file = problem('file');
const mine = problem('mine', 'acme');
const theirs = problem('theirs', 'bcorp');
const all = [file, mine, theirs];
const edit = (kind: LayerKey['kind'], name: string): LayerKey => ({ kind, name, tenant: 'acme' });

test('a changed file is refused for its own problems only, and what was taken elsewhere for none', () => {
  expect(broughtBy('file', all, [])).toEqual([file]);
  expect(broughtBy('file', all, all)).toEqual([file]);
  expect(broughtBy('elsewhere', all, [])).toEqual([]);
});

test('a change over REST is refused for what it brings to its tenant and to the file, not for what was there', () => {
  expect(broughtBy(edit('upstream', 'u'), all, [])).toEqual([file, mine]);
  expect(broughtBy(edit('upstream', 'u'), all, [{ ...mine, what: 'other choices' }, file])).toEqual([]);
  expect(broughtBy(edit('policy', 'other'), all, all)).toEqual([]);
});

test('a policy that is wrong is refused as long as it is, whatever was wrong with it before', () => {
  expect(broughtBy(edit('policy', 'p'), all, all)).toEqual([mine]);
});
