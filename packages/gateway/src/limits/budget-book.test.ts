import { expect, test } from 'vitest';
import type { BudgetLimit } from '../model/obligation.js';
import { BudgetBook } from './budget-book.js';

const noon = Date.parse('2026-06-10T12:00:00Z');

function budget(window: BudgetLimit['window']): BudgetLimit {
  const cost = { kind: 'fixed', micros: 4n } as const;
  return { kind: 'budget', id: 'b', per: [], maxMicros: 10n, unit: 'USD', window, cost, refundOn: [] };
}

test('a budget that was a total and begins anew each day now is not held to the total, not after a restart either', () => {
  const book = new BudgetBook();
  const total = book.reserve(budget('total'), '', { micros: 10n, now: noon });
  expect(book.left(budget('day'), '', noon).micros).toBe(10n);
  const today = book.reserve(budget('day'), '', { micros: 4n, now: noon });
  book.settle(total, 9n);
  expect([book.left(budget('total'), '', noon).micros, book.left(budget('day'), '', noon).micros]).toEqual([
    1n,
    6n,
  ]);

  const next = new BudgetBook();
  next.load([
    { ...today, usedMicros: 4n },
    { ...total, usedMicros: 9n },
  ]);
  expect([next.left(budget('total'), '', noon).micros, next.left(budget('day'), '', noon).micros]).toEqual([
    1n,
    6n,
  ]);
});
