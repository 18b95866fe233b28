import { expect, test, vi } from 'vitest';
import { ManualClock } from '../../../../test/fixtures/upstreams/manual-clock.js';
import type { Call } from '../model/call.js';
import type { Hold } from '../model/hold.js';
import type { Suspended } from '../model/outcome.js';
import { HeldCalls, type HeldCallsOptions, type HeldRequest } from './held-calls.js';
import { heldReply } from './held-reply.js';
import { HeldStates } from './held-states.js';
import type { ParkedOutcome } from './parked-call.js';

const serverInfo = { name: 'sallyport', version: '1.0.0' };
const clock = new ManualClock();
const call = {
  client: { capabilities: '{}' },
  arrival: { revision: '2025-11-25' },
  signal: new AbortController().signal,
  principal: {},
  kind: 'tool',
} as unknown as Call;

/** Suspended by a hold whose call the gateway makes itself, as /admin/holds has it done for a hold of any terms. */
const underWay: Suspended = {
  kind: 'suspended',
  callId: 'c1',
  hold: {
    id: 'hold_1',
    state: 'used',
    reason: 'Finance looks.',
    until: 300_000,
    terms: { mode: 'wait-then-hold', onApprove: 'release', waitMs: 50_000 },
  } as Hold,
};
const completed: ParkedOutcome = { kind: 'completed', callId: 'c2', result: { text: '{}' } as never };

function calls(
  waitForResult: (ms: number) => Promise<void>,
  callerNow: HeldCallsOptions['callerNow'] = (principal) => principal,
): HeldCalls {
  return new HeldCalls({
    approvals: {
      wait: () => Promise.reject(new Error('there is nothing left for a person to answer')),
      waitForResult: async (hold, ms) => waitForResult(ms).then(() => hold),
      cancel: () => Promise.resolve(false),
      isWaitedFor: () => false,
      find: () => undefined,
      refuse: () => Promise.resolve(),
    },
    clock,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    states: new HeldStates(new Uint8Array(32)),
    serverInfo,
    settings: () => ({ patienceMs: {}, heldIsError: false }),
    callerNow,
  });
}

/** A request that is answered so by being governed again, and how often it was. */
function asking(...outcomes: ParkedOutcome[]): { request: HeldRequest; turns: () => number } {
  const left = [...outcomes];
  const run = () => Promise.resolve(left.shift() ?? completed);
  const request = { call, canReturn: true, turn: 0, isGone: () => false, run };
  return { request, turns: () => outcomes.length - left.length };
}

test('a call that the gateway makes for its caller is asked about again once it has a result', async () => {
  const { request, turns } = asking(completed);
  expect(await calls(() => Promise.resolve()).wait(underWay, request)).toBe(completed);
  expect(turns()).toBe(1);
});

test('whoever waited is governed as they are now, and not at all once their credential ended', async () => {
  const narrowed = { id: 'a', scopes: ['read'] } as never;
  const run = vi.fn<HeldRequest['run']>(() => Promise.resolve(completed));
  const request = { ...asking().request, run };
  await calls(
    () => Promise.resolve(),
    () => narrowed,
  ).wait(underWay, request);
  expect(run.mock.calls.map(([{ principal }]) => principal)).toEqual([narrowed]);
  const gone = calls(
    () => Promise.resolve(),
    () => undefined,
  );
  expect(await gone.wait(underWay, request)).toMatchObject({ refusal: { code: 'approval_expired' } });
  expect(run).toHaveBeenCalledTimes(1);
});

test('a call without a result in time is not governed over and over', async () => {
  const { request, turns } = asking(underWay, underWay, underWay);
  expect(await calls(() => Promise.resolve()).wait(underWay, request)).toBe(underWay);
  expect(turns()).toBe(1);
  const late = asking(underWay);
  expect(await calls(async (ms) => clock.advance(ms)).wait(underWay, late.request)).toMatchObject(underWay);
  expect(late.turns()).toBe(0);
});

test('the caller of a call under way is not told that it was not executed', () => {
  const reply = JSON.stringify(heldReply(underWay, { kind: 'tool' }, { era: 'legacy', serverInfo }));
  expect(reply).toContain('Approved, and under way as hold_1');
  expect(reply).not.toContain('xecuted');
  const waits = { ...underWay, hold: { ...underWay.hold, state: 'pending' as const } };
  const other = JSON.stringify(heldReply(waits, { kind: 'tool' }, { era: 'legacy', serverInfo }));
  expect(other).toContain('Not executed: a person must approve this first.');
});
