import { expect, test } from 'vitest';
import { ManualClock } from '../../../../test/fixtures/upstreams/manual-clock.js';
import type { Limit } from '../model/obligation.js';
import { Limits } from './limits.js';

const most = 3;
const principal = { id: 'a', credential: 'key:1', tenant: 'default', roles: [], labels: {} };
const limitsOfEachKind: Limit[] = [
  { kind: 'rate', id: 'r', max: 5, windowMs: 1_000, algorithm: 'sliding', per: ['arg:x'] },
  { kind: 'repeat', id: 'p', max: 5, windowMs: 1_000, per: [] },
  {
    kind: 'budget',
    id: 'b',
    maxMicros: 10n,
    unit: 'USD',
    cost: { kind: 'fixed', micros: 1n },
    window: 'minute',
    per: ['arg:x'],
    refundOn: [],
  },
];

test.each(limitsOfEachKind)(
  'a full table of $kind counters refuses new ones only, and only while the old ones count',
  async (limit) => {
    const clock = new ManualClock();
    const limits = new Limits(clock, most);
    const admit = (x: string) =>
      limits.admit([limit], { principal, upstream: 'u', target: 't', args: { x } }).kind;
    for (let x = 0; x < most; x += 1) expect(admit(String(x))).toBe('admitted');
    expect(admit('new')).toBe('refused');
    expect(admit('0')).toBe('admitted');
    await clock.advance(120_000);
    expect(admit('new')).toBe('admitted');
  },
);
