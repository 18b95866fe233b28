import { expect, test } from 'vitest';
import { ManualClock } from '../../../../test/fixtures/upstreams/manual-clock.js';
import type { BudgetLimit, Limit } from '../model/obligation.js';
import type { LimitSubject } from './limit-scope.js';
import { Limits } from './limits.js';

const most = 3;
const budget: BudgetLimit = {
  kind: 'budget',
  id: 'b',
  maxMicros: 10n,
  unit: 'USD',
  cost: { kind: 'fixed', micros: 1n },
  window: 'minute',
  per: ['arg:x'],
  refundOn: [],
};
const limitsOfEachKind: Limit[] = [
  { kind: 'rate', id: 'r', max: 5, windowMs: 1_000, algorithm: 'sliding', per: ['arg:x'] },
  { kind: 'repeat', id: 'p', max: 5, windowMs: 1_000, per: [] },
  budget,
];

function subject(x: string, id = 'a'): LimitSubject {
  const principal = { id, credential: 'key:1', tenant: 'default', roles: [], labels: {} };
  return { principal, upstream: 'u', target: 't', args: { x } };
}

test.each(limitsOfEachKind)(
  'a full table of $kind counters refuses new ones only, and only while the old ones count',
  async (limit) => {
    const clock = new ManualClock();
    const limits = new Limits({ clock, mostOfAKind: most, mostOfOne: most });
    const admit = (x: string) => limits.admit([limit], subject(x)).kind;
    for (let x = 0; x < most; x += 1) expect(admit(String(x))).toBe('admitted');
    expect(admit('new')).toBe('refused');
    expect(admit('0')).toBe('admitted');
    await clock.advance(120_000);
    expect(admit('new')).toBe('admitted');
  },
);

test.each(limitsOfEachKind)(
  'a caller that fills its share of $kind counters keeps no other caller out, and none for ever',
  async (limit) => {
    const clock = new ManualClock();
    const limits = new Limits({ clock, mostOfAKind: 100, mostOfOne: most });
    const admit = (x: string, who?: string) => limits.admit([limit], subject(x, who));
    for (let x = 0; x < most; x += 1) expect(admit(String(x)).kind).toBe('admitted');
    expect(admit('new')).toMatchObject({ code: 'rate_limited', retryAfterMs: 60_000 });
    expect(admit('other', 'b').kind).toBe('admitted');
    expect(admit('0').kind).toBe('admitted');
    await clock.advance(120_000);
    for (let x = 0; x < most; x += 1) expect(admit(`again ${x}`).kind).toBe('admitted');
    expect(admit('one too many').kind).toBe('refused');
  },
);

test('totals of a thousand sessions that ended do not stay in memory, and are not forgotten either', async () => {
  const clock = new ManualClock();
  const spent = new Map<string, bigint>();
  let reads = 0;
  const limits = new Limits({
    clock,
    readTotal({ scope }) {
      reads += 1;
      return spent.get(scope) ?? 0n;
    },
    whenReadable: () => Promise.resolve(),
    mostOfAKind: 1_000,
    mostOfOne: 1_000,
  });
  const total: BudgetLimit = { ...budget, window: 'total', maxMicros: 2n, per: ['session'] };
  const admit = (session: string): string => {
    const outcome = limits.admit([total], { ...subject('1'), session });
    if (outcome.kind !== 'admitted') return outcome.code;
    for (const { scope } of outcome.charges) spent.set(scope, (spent.get(scope) ?? 0n) + 1n);
    outcome.settle({ state: 'ok' });
    return outcome.kind;
  };
  for (let session = 0; session < 5_000; session += 1) {
    if (session % 500 === 0) await clock.advance(61_000);
    expect(admit(`s${session}`)).toBe('admitted');
  }
  await clock.advance(61_000);
  expect(admit('s0')).toBe('admitted');
  expect(admit('s0')).toBe('budget_exhausted');
  expect(reads).toBeLessThan(5_010);
});

test('a total that cannot be read refuses', () => {
  const readTotal = () => {
    throw new Error('the disk is gone');
  };
  const limits = new Limits({ clock: new ManualClock(), readTotal });
  expect(limits.admit([{ ...budget, window: 'total' }], subject('1'))).toMatchObject({
    code: 'budget_exhausted',
    message: 'What is left of the budget "b" cannot be read at the moment.',
  });
});
