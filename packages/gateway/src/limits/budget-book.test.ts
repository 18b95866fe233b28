import { expect, test } from 'vitest';
import type { Charge } from '../model/charge.js';
import type { BudgetLimit } from '../model/obligation.js';
import { BudgetBook, type ReadTotal } from './budget-book.js';

const noon = Date.parse('2026-06-10T12:00:00Z');

function budget(window: BudgetLimit['window']): BudgetLimit {
  const cost = { kind: 'fixed', micros: 4n } as const;
  return { kind: 'budget', id: 'b', per: [], maxMicros: 10n, unit: 'USD', window, cost, refundOn: [] };
}

function open(readTotal: ReadTotal = () => 0n): BudgetBook {
  return new BudgetBook({ most: 10, mostOfOne: 10, readTotal });
}

function used(book: BudgetBook, window: BudgetLimit['window']): bigint {
  return book.find(budget(window), '', { now: noon }).usedMicros;
}

function reserve(book: BudgetBook, window: BudgetLimit['window'], micros: bigint): Charge {
  return book.reserve(book.find(budget(window), '', { now: noon }), { micros, now: noon });
}

test('a budget that was a total and begins anew each day now is not held to the total, not after a restart either', () => {
  const book = open();
  const total = reserve(book, 'total', 10n);
  expect(used(book, 'day')).toBe(0n);
  const today = reserve(book, 'day', 4n);
  book.settle(total, 9n);
  expect([used(book, 'total'), used(book, 'day')]).toEqual([9n, 4n]);

  const next = open(() => 9n);
  next.load([{ ...today, usedMicros: 4n }]);
  expect([used(next, 'total'), used(next, 'day')]).toEqual([9n, 4n]);
});

test('a total that is idle is forgotten and read again, one with a call under way is not forgotten', () => {
  let spent = 0n;
  const book = open(() => spent);
  const charge = reserve(book, 'total', 4n);
  expect(book.idleTotals(noon)).toEqual([]);
  book.settle(charge, 3n);
  const idle = book.idleTotals(noon);
  const again = reserve(book, 'total', 1n);
  book.forget(idle, noon);
  expect([book.size, used(book, 'total')]).toEqual([1, 4n]);
  book.settle(again, 1n);
  spent = 4n;
  book.forget(book.idleTotals(noon), noon);
  expect([book.size, used(book, 'total')]).toEqual([0, 4n]);
});
