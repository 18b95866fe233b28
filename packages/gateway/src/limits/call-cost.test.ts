import { expect, test } from 'vitest';
import type { JsonValue } from '../model/json.js';
import type { BudgetLimit } from '../model/obligation.js';
import { costAfter } from './call-cost.js';

const limit: BudgetLimit = {
  kind: 'budget',
  id: 'b',
  maxMicros: 10_000_000n,
  unit: 'USD',
  cost: { kind: 'result', path: ['cost'], reserveMicros: 1n },
  window: 'day',
  per: [],
  refundOn: [],
};

test.each<[JsonValue, bigint | undefined]>([
  [1.5, 1_500_000n],
  ['2', 2_000_000n],
  [10_000_000, 9_000_000_000_000n],
  [10n ** 30n, 9_000_000_000_000n],
  ['99999999999999999999', 9_000_000_000_000n],
  [-5, undefined],
  ['much', undefined],
  [[99_999_999], undefined],
  [null, undefined],
  [true, undefined],
])('a result that says %s cost %s micro-units', (cost, micros) => {
  expect(costAfter(limit, { cost })).toBe(micros);
});
