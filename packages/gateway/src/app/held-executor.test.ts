import { expect, test } from 'vitest';
import { ManualClock } from '../../../../test/fixtures/upstreams/manual-clock.js';
import type { Call } from '../model/call.js';
import type { Hold } from '../model/hold.js';
import type { Outcome } from '../model/outcome.js';
import type { Principal } from '../model/principal.js';
import { Refusal } from '../model/refusal.js';
import { HeldExecutor, type HeldExecutorParts } from './held-executor.js';

const agent: Principal = {
  id: 'agent-a',
  credential: 'key:1',
  tenant: 'default',
  roles: ['agent'],
  labels: {},
};

function holdOf(id: string): Hold {
  const request = { kind: 'tool', target: 'pay', args: '{}', revision: '2025-11-25' };
  const terms = { onApprove: 'execute' };
  return {
    id,
    state: 'approved',
    tenant: 'default',
    method: 'tools/call',
    request,
    terms,
  } as unknown as Hold;
}

interface Scene {
  readonly holds: readonly Hold[];
  readonly govern: (hold: string) => Outcome['kind'] | Refusal;
  /** What the table says of a hold after its call. */
  readonly after?: (hold: Hold, call: Call) => Hold;
}

/** An executor over a list of approved holds, and what it did. */
function scene({ holds, govern, after = (hold) => hold }: Scene) {
  const clock = new ManualClock();
  const did = { made: [] as string[], kept: [] as string[], stale: [] as string[] };
  const calls = new Map<string, Call>();
  const approvals = {
    hear: () => () => undefined,
    toCarryOut(limit: number, last?: string) {
      const start = holds.findIndex(({ id }) => id === last) + 1;
      return holds.slice(start, start + limit);
    },
    find(id: string) {
      const hold = holds.find((one) => one.id === id);
      const call = calls.get(id);
      return hold === undefined || call === undefined ? hold : after(hold, call);
    },
    keepResult: ({ id }: Hold) => did.kept.push(id),
    stale: async ({ id }: Hold) => void did.stale.push(id),
  };
  const executor = new HeldExecutor({
    approvals: approvals as never as HeldExecutorParts['approvals'],
    async govern(call) {
      const id = call.carries ?? '';
      calls.set(id, call);
      did.made.push(id);
      const end = govern(id);
      return typeof end === 'string'
        ? ({ kind: end, callId: call.id, result: { text: '{}', value: {} } } as Outcome)
        : { kind: 'refused', callId: call.id, refusal: end };
    },
    clock,
    log: { debug() {}, info() {}, warn() {}, error() {} } as never,
    callerNow: () => agent,
  });
  return { executor, clock, did };
}

const down = new Refusal('upstream_unavailable', 'Down.', { retryAfterSeconds: 5 });

test('calls that cannot be made at the moment keep none from being made', async () => {
  const holds = Array.from({ length: 50 }, (_, index) => holdOf(`hold_${index}`));
  const { executor, clock, did } = scene({ holds, govern: (id) => (id === 'hold_49' ? 'completed' : down) });
  executor.begin();
  await clock.advance(15_000);
  executor.end();
  expect(did.made).toContain('hold_49');
  expect(did.stale).toEqual(['hold_49']);
  expect(did.made.filter((id) => id === 'hold_0')).toHaveLength(2);
});

test('a refusal that may come right is no result; one of a call that may have run is', async () => {
  const used = (hold: Hold, call: Call): Hold => ({ ...hold, state: 'used', usedBy: call.id });
  const sent = new Refusal('audit_unavailable', 'Sent.', { retryAfterSeconds: 5, mayHaveRun: true });
  for (const [end, kept] of [
    [down, []],
    [sent, ['hold_1']],
    ['completed', ['hold_1']],
  ] as const) {
    const { executor, did } = scene({ holds: [holdOf('hold_1')], govern: () => end, after: used });
    await executor.carryOut(holdOf('hold_1'));
    expect(did.kept).toEqual(kept);
  }
});
