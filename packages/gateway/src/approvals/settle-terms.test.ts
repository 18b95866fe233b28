import { expect, test } from 'vitest';
import { settleTerms } from './settle-terms.js';

const defaults = {
  mode: 'wait-then-hold',
  onApprove: 'release',
  waitMs: 50_000,
  expiresMs: 3_600_000,
  approvers: [],
  quorum: 1,
  noteRequired: false,
} as const;

test('a rule that says nothing gets the defaults', () => {
  expect(settleTerms([{ rule: 'a' }], defaults)).toEqual(defaults);
  expect(settleTerms([], defaults)).toEqual(defaults);
});

test('of several rules the stricter terms count, and an approver of each is needed', () => {
  const settled = settleTerms(
    [
      { rule: 'a', approvers: ['finance'], quorum: 2, onApprove: 'execute', waitMs: 10 },
      { rule: 'b', approvers: ['legal', 'ceo'], mode: 'hold', noteRequired: true, expiresMs: 5 },
    ],
    defaults,
  );
  expect(settled).toEqual({
    mode: 'hold',
    onApprove: 'release',
    waitMs: 10,
    expiresMs: 5,
    approvers: [['finance'], ['legal', 'ceo']],
    quorum: 2,
    noteRequired: true,
  });
});

test('one rule of high risk makes the call one', () => {
  expect(settleTerms([{ rule: 'a' }, { rule: 'b', stepUp: true }], defaults).stepUp).toBe(true);
});
