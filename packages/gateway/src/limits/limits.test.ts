import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Clock } from '../lib/clock.js';
import type { BudgetLimit, Limit, RateLimit } from '../model/obligation.js';
import type { Admission } from './admission.js';
import { durationText } from './limit-refusal.js';
import type { LimitSubject } from './limit-scope.js';
import { Limits } from './limits.js';

const minute = 60_000;
const start = Date.parse('2026-11-20T10:00:30Z');

/** Limits only look at the time; a test sets it as it likes. */
class SetClock implements Clock {
  at: number;
  constructor(at: number) {
    this.at = at;
  }
  now(): number {
    return this.at;
  }
  after(): () => void {
    return () => undefined;
  }
}

function open(at = start): { limits: Limits; clock: SetClock } {
  const clock = new SetClock(at);
  return { limits: new Limits({ clock }), clock };
}

function subject(more: Partial<LimitSubject> = {}): LimitSubject {
  const principal = { id: 'a', credential: 'key:1', tenant: 'default', roles: [], labels: {} };
  return { principal, upstream: 'pay', target: 'transfer', args: { amount: 20 }, ...more };
}

function rate(more: Partial<RateLimit> = {}): RateLimit {
  return {
    kind: 'rate',
    id: 'r',
    max: 3,
    windowMs: minute,
    algorithm: 'sliding',
    per: ['principal'],
    ...more,
  };
}

function budget(more: Partial<BudgetLimit> = {}): BudgetLimit {
  return {
    kind: 'budget',
    id: 'daily',
    maxMicros: 100_000_000n,
    unit: 'EUR',
    cost: { kind: 'argument', path: ['amount'] },
    window: 'day',
    per: ['principal'],
    refundOn: [],
    ...more,
  };
}

function passed(limits: Limits, limit: Limit, who = subject()): boolean {
  return limits.admit([limit], who).kind === 'admitted';
}

function admitted(limits: Limits, list: readonly Limit[], who = subject()): Admission {
  const outcome = limits.admit(list, who);
  if (outcome.kind !== 'admitted') throw new Error(outcome.message);
  return outcome;
}

describe('rates', () => {
  test('a sliding window holds no more than its limit in any stretch of its length', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 60 }), (pauses) => {
        const { limits, clock } = open();
        const times: number[] = [];
        for (const pause of pauses) {
          clock.at += pause;
          if (passed(limits, rate())) times.push(clock.now());
        }
        for (const from of times) {
          expect(times.filter((time) => time >= from && time < from + minute).length).toBeLessThanOrEqual(3);
        }
      }),
    );
  });

  test('the 61st call within a minute is refused, says when the next may come, and then it may', () => {
    const { limits, clock } = open();
    for (let call = 0; call < 60; call += 1) expect(passed(limits, rate({ max: 60 }))).toBe(true);
    clock.at += 15_000;
    const refused = limits.admit([rate({ max: 60 })], subject());
    expect(refused).toMatchObject({
      code: 'rate_limited',
      retryAfterMs: 45_000,
      message: 'The limit "r" allows 60 calls in 1 minute; the next may come in 45 seconds.',
    });
    clock.at += 44_999;
    expect(passed(limits, rate({ max: 60 }))).toBe(false);
    clock.at += 1;
    expect(passed(limits, rate({ max: 60 }))).toBe(true);
  });

  test('a fixed window begins anew at the full minute', () => {
    const { limits, clock } = open();
    for (let call = 0; call < 3; call += 1) passed(limits, rate({ algorithm: 'fixed' }));
    expect(limits.admit([rate({ algorithm: 'fixed' })], subject())).toMatchObject({ retryAfterMs: 30_000 });
    clock.at += 30_000;
    expect(passed(limits, rate({ algorithm: 'fixed' }))).toBe(true);
  });

  test('a bucket lets its size pass at once and then one call per share of the window', () => {
    const { limits, clock } = open();
    const bucket = rate({ algorithm: 'bucket' });
    expect([1, 2, 3, 4].map(() => passed(limits, bucket))).toEqual([true, true, true, false]);
    clock.at += 20_000;
    expect([1, 2].map(() => passed(limits, bucket))).toEqual([true, false]);
  });

  test('callers, targets and values of arguments are counted apart where the limit says so', () => {
    const { limits } = open();
    const one = rate({ max: 1, per: ['principal', 'target', 'arg:amount'] });
    expect(passed(limits, one)).toBe(true);
    expect(passed(limits, one)).toBe(false);
    expect(passed(limits, one, subject({ target: 'refund' }))).toBe(true);
    expect(passed(limits, one, subject({ args: { amount: 21 } }))).toBe(true);
    expect(passed(limits, one, subject({ args: {} }))).toBe(true);
    expect(passed(limits, one, subject({ principal: { ...subject().principal, id: 'b' } }))).toBe(true);
  });

  test('a clock that is set back reopens nothing', () => {
    for (const algorithm of ['sliding', 'fixed', 'bucket'] as const) {
      const { limits, clock } = open();
      for (let call = 0; call < 3; call += 1) passed(limits, rate({ algorithm }));
      clock.at = start - 7_200_000;
      expect(passed(limits, rate({ algorithm }))).toBe(false);
    }
  });

  test('a call that another limit refuses takes no room of the first', () => {
    const { limits } = open();
    const wide = rate({ id: 'wide', max: 2 });
    const narrow = rate({ id: 'narrow', max: 0 });
    for (let call = 0; call < 5; call += 1) limits.admit([wide, narrow], subject());
    expect([1, 2, 3].map(() => passed(limits, wide))).toEqual([true, true, false]);
  });

  test('a limit that several rules bring counts a call once', () => {
    const { limits } = open();
    expect([1, 2, 3, 4].map(() => limits.admit([rate(), rate()], subject()).kind)).toEqual([
      'admitted',
      'admitted',
      'admitted',
      'refused',
    ]);
  });
});

describe('repetitions', () => {
  test('the same arguments in another order and form are the same call', () => {
    const { limits } = open();
    const twice: Limit = { kind: 'repeat', id: 'loop', max: 2, windowMs: minute, per: ['principal'] };
    expect(passed(limits, twice, subject({ args: { a: 1, b: [2] } }))).toBe(true);
    expect(passed(limits, twice, subject({ args: { b: [2], a: 1 } }))).toBe(true);
    expect(limits.admit([twice], subject({ args: { a: 1, b: [2] } }))).toMatchObject({
      code: 'repeated_call',
    });
    expect(passed(limits, twice, subject({ args: { a: 1, b: [3] } }))).toBe(true);
  });
});

describe('budgets', () => {
  test('what is admitted and not given back never exceeds the budget, in whatever order calls end', () => {
    const steps = fc.array(
      fc.record({
        cost: fc.integer({ min: 0, max: 60 }),
        end: fc.constantFrom('ok', 'not_sent', 'unknown', 'open'),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (calls) => {
        const { limits } = open();
        let used = 0;
        for (const { cost, end } of calls) {
          const outcome = limits.admit([budget()], subject({ args: { amount: cost } }));
          if (outcome.kind === 'refused') {
            expect(used + cost).toBeGreaterThan(100);
            continue;
          }
          if (end !== 'not_sent') used += cost;
          if (end === 'not_sent') outcome.release();
          else if (end !== 'open') outcome.settle({ state: end as 'ok' });
          expect(used).toBeLessThanOrEqual(100);
        }
        expect(limits.left(budget(), subject()).micros).toBe(BigInt(100 - used) * 1_000_000n);
      }),
    );
  });

  test('a refusal says what is left, what the call needs and when the budget begins anew', () => {
    const { limits } = open();
    admitted(limits, [budget()], subject({ args: { amount: '87.5' } }));
    expect(limits.admit([budget()], subject())).toMatchObject({
      code: 'budget_exhausted',
      message:
        'The budget "daily" has 12.5 EUR left of 100 EUR; the call needs 20 EUR. It begins anew in 14 hours.',
    });
  });

  test('a call that costs more than the whole budget is told no time to come again', () => {
    const { limits } = open();
    expect(limits.admit([budget()], subject({ args: { amount: 101 } }))).not.toHaveProperty('retryAfterMs');
  });

  test.each([[undefined], [null], [-1], [true], ['-5'], ['1e3'], [{ valueOf: 1 }], [[5]], ['NaN']])(
    'an amount of %j is refused',
    (amount) => {
      const { limits } = open();
      const args = amount === undefined ? {} : { amount };
      expect(limits.admit([budget()], subject({ args }))).toMatchObject({ code: 'invalid_arguments' });
    },
  );

  test('an argument that may be absent costs nothing where it is, and must be an amount where it is not', () => {
    const { limits } = open();
    const optional = budget({ cost: { kind: 'argument', path: ['amount'], optional: true } });
    expect(admitted(limits, [optional], subject({ args: {} })).charges[0]?.reservedMicros).toBe(0n);
    expect(passed(limits, optional, subject({ args: { amount: null } }))).toBe(false);
  });

  test('a call costs what the prices say, and nothing where they are silent', () => {
    const { limits } = open();
    const priced = budget({ cost: { kind: 'price' } });
    expect(admitted(limits, [priced], subject({ priceMicros: 60_000_000n })).charges[0]?.reservedMicros).toBe(
      60_000_000n,
    );
    expect(passed(limits, priced, subject({ priceMicros: 60_000_000n }))).toBe(false);
    expect(passed(limits, priced)).toBe(true);
  });

  test('what a result says it cost replaces what was held for it, even beyond the budget', () => {
    const { limits } = open();
    const metered = budget({ cost: { kind: 'result', path: ['_meta', 'cost'], reserveMicros: 10_000_000n } });
    const spent = admitted(limits, [metered]).settle({ state: 'ok', result: { _meta: { cost: '130' } } });
    expect(spent).toEqual([130_000_000n]);
    expect(limits.left(metered, subject()).micros).toBe(0n);
    expect(passed(limits, metered)).toBe(false);
  });

  test('a failed call is charged unless its end is one that the budget refunds', () => {
    const { limits } = open();
    expect(admitted(limits, [budget()]).settle({ state: 'tool_error' })).toEqual([20_000_000n]);
    expect(admitted(limits, [budget({ refundOn: ['tool_error'] })]).settle({ state: 'tool_error' })).toEqual([
      0n,
    ]);
    expect(limits.left(budget(), subject()).micros).toBe(80_000_000n);
  });

  test('begins anew at midnight in its zone, and a clock that is set back does not give yesterday back', () => {
    const { limits, clock } = open(Date.parse('2026-10-24T21:59:59Z'));
    const berlin = budget({ zone: 'Europe/Berlin' });
    admitted(limits, [berlin], subject({ args: { amount: 100 } }));
    expect(passed(limits, berlin)).toBe(false);
    clock.at += 1000;
    admitted(limits, [berlin], subject({ args: { amount: 100 } }));
    clock.at = Date.parse('2026-10-24T20:00:00Z');
    expect(passed(limits, berlin)).toBe(false);
  });

  test('no step of the clock, and no change to or from summer time, gives a day a second budget', () => {
    const hour = 3_600_000;
    const step = fc.record({
      by: fc.constantFrom(-2 * hour, -hour, 0, 60_000, hour, 2 * hour, 11 * hour),
      calls: fc.integer({ min: 0, max: 4 }),
    });
    const begins = fc.constantFrom('2026-03-28T20:00:00Z', '2026-10-24T20:00:00Z', '2026-11-20T21:00:00Z');
    const berlin = budget({ zone: 'Europe/Berlin', cost: { kind: 'fixed', micros: 50_000_000n } });
    const dayOf = (at: number) => new Date(at).toLocaleDateString('en-CA', { timeZone: 'Europe/Berlin' });
    fc.assert(
      fc.property(begins, fc.array(step, { maxLength: 40 }), (begin, steps) => {
        const { limits, clock } = open(Date.parse(begin));
        const days = new Set<string>();
        let latest = 0;
        let count = 0;
        for (const { by, calls } of steps) {
          clock.at += by;
          latest = Math.max(latest, clock.at);
          for (let call = 0; call < calls; call += 1) {
            days.add(dayOf(latest));
            if (passed(limits, berlin)) count += 1;
            expect(count).toBeLessThanOrEqual(2 * days.size);
          }
        }
      }),
    );
  });

  test('what earlier processes wrote down counts, of the latest stretch only', () => {
    const { limits } = open();
    const until = Date.parse('2026-11-21T00:00:00Z');
    const line = { budget: 'daily', scope: 'principal=["default","a"]', unit: 'EUR' };
    limits.load([
      { ...line, until: until - 86_400_000, usedMicros: 99_000_000n },
      { ...line, until, usedMicros: 70_000_000n },
      { ...line, until, usedMicros: 15_000_000n },
    ]);
    expect(limits.left(budget(), subject()).micros).toBe(15_000_000n);
  });

  test('a charge tells what the ledger needs to count it again', () => {
    const { limits } = open();
    expect(admitted(limits, [budget()]).charges).toEqual([
      {
        budget: 'daily',
        scope: 'principal=["default","a"]',
        unit: 'EUR',
        reservedMicros: 20_000_000n,
        until: Date.parse('2026-11-21T00:00:00Z'),
      },
    ]);
  });
});

test('a look takes nothing, and tells of a new stretch once the old one is over', () => {
  const { limits, clock } = open();
  const daily = budget({ cost: { kind: 'fixed', micros: 40_000_000n } });
  admitted(limits, [daily, rate()]);
  for (let look = 0; look < 5; look += 1) {
    expect(limits.view(daily, subject())).toMatchObject({
      left: '60',
      max: '100',
      resetsAt: Date.parse('2026-11-21T00:00:00Z'),
    });
    expect(limits.view(rate(), subject())).toMatchObject({ left: 2, max: 3 });
  }
  clock.at = Date.parse('2026-11-21T00:00:00Z');
  expect(limits.view(daily, subject())).toMatchObject({ left: '100' });
  expect(limits.view(rate(), subject())).toMatchObject({ left: 3 });
});

test('durations are told in words that people use', () => {
  expect([1, 1000, 90_000, minute, 3_600_000, 50_000_000, 86_400_000].map(durationText)).toEqual([
    '1 second',
    '1 second',
    '90 seconds',
    '1 minute',
    '1 hour',
    '14 hours',
    '1 day',
  ]);
});

test('calls that count go on counting when a reload lets the limit go by the clock, or no longer', () => {
  const clock = new SetClock(start);
  let elapsed = 5;
  const limits = new Limits({ clock, elapsed: () => elapsed });
  const codeOf = (limit: RateLimit) => {
    const outcome = limits.admit([limit], subject());
    return outcome.kind === 'refused' ? outcome.code : outcome.kind;
  };
  const sliding = rate({ max: 1 });
  const fixed = rate({ max: 1, algorithm: 'fixed' });
  expect(codeOf(sliding)).toBe('admitted');
  expect([codeOf(fixed), codeOf(sliding)]).toEqual(['rate_limited', 'rate_limited']);
  clock.at += minute;
  elapsed += minute;
  expect(codeOf(fixed)).toBe('admitted');
});
