import { expect, test } from 'vitest';
import type { SettledTerms } from '../model/hold.js';
import type { WantedApproval } from '../model/obligation.js';
import type { DeskDeps } from './desk-deps.js';
import { useStanding } from './use-standing.js';

const terms: SettledTerms = {
  mode: 'hold',
  onApprove: 'release',
  waitMs: 0,
  expiresMs: 1000,
  approvers: [],
  quorum: 1,
  noteRequired: false,
};
const standing = { id: 'standing_1', hold: 'hold_1' } as never;

function use(wanted: Partial<WantedApproval>, { given = terms, isLatest = true } = {}): unknown {
  const deps = {
    table: { find: () => ({ terms: given }) },
    settings: () => ({ terms }),
    standing: {
      use: (_: unknown, isEnough: (one: unknown) => boolean) => (isEnough(standing) ? standing : undefined),
    },
    requireLatestPolicy() {
      if (!isLatest) throw new Error('another policy');
    },
  };
  return useStanding(deps as never as DeskDeps, {} as never, [{ rule: 'r', ...wanted }]);
}

test('a standing approval is used where the rules want what they wanted for its hold', () => {
  expect(use({})).toBe(standing);
  expect(use({ waitMs: 5, mode: 'wait' })).toBe(standing);
  expect(use({ stepUp: true }, { given: { ...terms, stepUp: true } })).toBe(standing);
});

test.each<Partial<WantedApproval>>([
  { quorum: 2 },
  { approvers: ['bob'] },
  { noteRequired: true },
  { stepUp: true },
])('a standing approval is not used where the rules want more: %j', (wanted) => {
  expect(use(wanted)).toBeUndefined();
});

test('no standing approval is used under a policy that another gateway has changed', () => {
  expect(() => use({}, { isLatest: false })).toThrow('another policy');
});
