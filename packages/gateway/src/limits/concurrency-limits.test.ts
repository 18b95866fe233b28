import { expect, test } from 'vitest';
import type { Principal } from '../model/principal.js';
import { ConcurrencyLimits } from './concurrency-limits.js';

const caller = (id: string): Principal => ({
  id,
  credential: 'none',
  tenant: 'default',
  roles: ['agent'],
  labels: {},
});

test('refuses the call beyond the cap of a caller and admits it again after one has left', () => {
  const limits = new ConcurrencyLimits();
  const caps = { perPrincipal: 2, perUpstream: 10 };
  const first = limits.enter(caller('a'), 'files', caps);
  limits.enter(caller('a'), 'files', caps);
  expect(limits.enter(caller('a'), 'files', caps)).toEqual({ kind: 'full', who: 'The caller "a"', limit: 2 });
  if (first.kind === 'entered') first.leave();
  expect(limits.enter(caller('a'), 'files', caps).kind).toBe('entered');
});

test('one caller at its cap does not take the places of another', () => {
  const limits = new ConcurrencyLimits();
  const caps = { perPrincipal: 1, perUpstream: 10 };
  limits.enter(caller('a'), 'files', caps);
  expect(limits.enter(caller('b'), 'files', caps).kind).toBe('entered');
});

test('an upstream at its cap refuses every caller', () => {
  const limits = new ConcurrencyLimits();
  const caps = { perPrincipal: 10, perUpstream: 1 };
  limits.enter(caller('a'), 'files', caps);
  expect(limits.enter(caller('b'), 'files', caps).kind).toBe('full');
  expect(limits.enter(caller('b'), 'pay', caps).kind).toBe('entered');
});

test('knows how many calls are in progress in all', () => {
  const limits = new ConcurrencyLimits();
  const caps = { perPrincipal: 10, perUpstream: 10 };
  const first = limits.enter(caller('a'), 'files', caps);
  limits.enter(caller('b'), 'pay', caps);
  expect(limits.inProgress).toBe(2);
  if (first.kind === 'entered') first.leave();
  expect(limits.inProgress).toBe(1);
});

test('leaving twice frees one place only', () => {
  const limits = new ConcurrencyLimits();
  const caps = { perPrincipal: 2, perUpstream: 10 };
  const first = limits.enter(caller('a'), 'files', caps);
  limits.enter(caller('a'), 'files', caps);
  if (first.kind === 'entered') {
    first.leave();
    first.leave();
  }
  expect(limits.enter(caller('a'), 'files', caps).kind).toBe('entered');
  expect(limits.enter(caller('a'), 'files', caps).kind).toBe('full');
});

test('counts of callers that are gone do not pile up, and of callers with calls in progress none is lost', () => {
  const limits = new ConcurrencyLimits();
  const caps = { perPrincipal: 1, perUpstream: 10 };
  limits.enter(caller('busy'), 'files', caps);
  for (let number = 0; number < 25_000; number += 1) {
    const entry = limits.enter(caller(`a${number}`), 'files', caps);
    if (entry.kind === 'entered') entry.leave();
  }
  expect(limits.callers).toBeLessThanOrEqual(10_000);
  expect(limits.enter(caller('busy'), 'files', caps).kind).toBe('full');
});
