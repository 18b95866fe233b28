import { afterEach, expect, test } from 'vitest';
import type { Hold } from '../../packages/gateway/src/model/hold.js';
import type { Outcome } from '../../packages/gateway/src/model/outcome.js';
import type { Principal } from '../../packages/gateway/src/model/principal.js';
import { UpstreamFailure } from '../../packages/gateway/src/model/upstream.js';
import { result, type Stage, setStage } from './house.js';

let stage: Stage;
afterEach(() => stage.close());

const rules = [
  { id: 'all', match: {}, effect: 'allow' as const },
  {
    id: 'big',
    match: { tools: ['transfer'] },
    when: 'args.amount > 100',
    effect: 'ask' as const,
    reason: 'Finance approves.',
  },
];
const policy = { default: 'deny' as const, rules };
const big = { to: 'a', amount: 101 };
const ann: Principal = {
  id: 'ann',
  credential: 'key:ann',
  tenant: 'default',
  roles: ['approver'],
  labels: {},
};

function heldBy(outcome: Outcome): Hold {
  if (outcome.kind !== 'suspended') throw new Error(`expected a hold, found ${outcome.kind}`);
  return outcome.hold;
}

function answer(hold: Hold, verdict: 'approve' | 'deny' = 'approve') {
  return stage.approvals.answer(hold.id, { by: ann, verdict, channel: 'rest', seen: hold.bind });
}

test('a call that a person must approve is not sent, and the record says in which hold it waits', async () => {
  stage = await setStage({ policy });
  const outcome = await stage.call(big);
  const hold = heldBy(outcome);
  expect(hold).toMatchObject({
    state: 'pending',
    caller: 'agent-a',
    credential: 'key:test',
    upstream: 'pay',
    target: 'transfer',
    args: '{"amount":101,"to":"a"}',
    rule: 'big',
    reason: 'Finance approves.',
  });
  expect(stage.forwarded).toEqual([]);
  const decided = (await stage.records()).filter(({ record }) => record.type === 'call.decided');
  expect(decided.map(({ record }) => record)).toEqual([
    expect.objectContaining({ call: outcome.callId, effect: 'ask', hold: hold.id }),
  ]);
});

test('the same call, and only it, runs once after a person said yes', async () => {
  stage = await setStage({ policy });
  const hold = heldBy(await stage.call(big));
  await answer(hold);
  expect(heldBy(await stage.call({ ...big, amount: 102 })).id).not.toBe(hold.id);
  const used = await stage.call({ amount: 101, to: 'a' });
  expect(used.kind).toBe('completed');
  expect(stage.forwarded).toHaveLength(1);
  expect(stage.approvals.find(hold.id)).toMatchObject({ state: 'used', usedBy: used.callId });
  const rows = await stage.records();
  expect(rows.find(({ record }) => record.call === used.callId)?.record).toMatchObject({
    type: 'call.decided',
    effect: 'allow',
    hold: hold.id,
  });
  expect(heldBy(await stage.call(big)).id).not.toBe(hold.id);
});

test('twenty equal calls after one approval run once', async () => {
  stage = await setStage({ policy, caps: { perPrincipal: 100, perUpstream: 100 } });
  await answer(heldBy(await stage.call(big)));
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => stage.call(big)));
  expect(outcomes.filter(({ kind }) => kind === 'completed')).toHaveLength(1);
  expect(new Set(outcomes.flatMap((one) => (one.kind === 'suspended' ? [one.hold.id] : []))).size).toBe(1);
  expect(stage.forwarded).toHaveLength(1);
});

test('nothing goes upstream with an approved call that the yes was not for', async () => {
  stage = await setStage({ policy });
  const ids = { traceparent: `"00-${'a'.repeat(32)}-${'b'.repeat(16)}-01"`, tracestate: '"a=b"' };
  const beside = (nonce: string) => ({
    meta: new Map(Object.entries({ ...ids, baggage: '"to=eve"', 'example.com/recipient': `"${nonce}"` })),
    more: new Map([['task', `{"ttl":9000,"recipient":"${nonce}"}`]]),
  });
  const small = await stage.call({ to: 'a', amount: 1 }, beside('bob'));
  expect(small.kind).toBe('completed');
  expect(stage.forwarded.at(-1)?.meta?.get('example.com/recipient')).toBe('"bob"');
  await answer(heldBy(await stage.call(big, beside('bob'))));
  // The same call: clients number their calls there.
  expect((await stage.call(big, beside('eve'))).kind).toBe('completed');
  const sent = stage.forwarded.at(-1);
  expect(Object.fromEntries(sent?.meta ?? [])).toEqual(ids);
  expect(sent?.task).toBe('{"ttl":9000}');
});

test.each([
  ['traceparent', '{"run":"anything"}'],
  ['traceparent', '"00-1-2-01"'],
  ['tracestate', '{"to":"eve"}'],
  ['tracestate', `"${'a'.repeat(513)}"`],
  ['constructor', '"to=eve"'],
])('trace context of another form goes nowhere with an approved call: %s %s', async (name, text) => {
  stage = await setStage({ policy });
  await answer(heldBy(await stage.call(big)));
  const meta = new Map([[name, text]]);
  expect((await stage.call(big, { meta })).kind).toBe('completed');
  expect([...(stage.forwarded.at(-1)?.meta ?? [])]).toEqual([]);
});

test('of a held call is kept what it says, not the blanks it is written with, and lists leave it out', async () => {
  stage = await setStage({ policy });
  const blanks = ' \n'.repeat(1_000_000);
  const args = result(`{${blanks}"to": "a  b",${blanks}"amount":1.01e2}`);
  const more = new Map([['example.com/more', `{${blanks}"n": 1}`]]);
  const hold = heldBy(await stage.call(undefined, { args, more }));
  const request = { args: '{"to":"a  b","amount":1.01e2}', more: [['example.com/more', '{"n":1}']] };
  expect(stage.approvals.find(hold.id)).toMatchObject({ request });
  const [listed] = stage.approvals.list({ tenant: 'default', limit: 9 });
  expect(listed).toMatchObject({ id: hold.id, args: hold.args });
  expect(listed?.request).toBeUndefined();
});

test('a call that is written too long to be kept is refused, and nothing of it is kept', async () => {
  stage = await setStage({ policy });
  const args = result(`{"to":"a","amount":101.${'0'.repeat(400_000)}}`);
  for (const long of [{ args }, { args: result(JSON.stringify(big)), more: new Map([['m', args.text]]) }])
    expect(await stage.call(undefined, long)).toMatchObject({
      kind: 'refused',
      refusal: { code: 'approval_unavailable' },
    });
  expect(stage.approvals.list({ tenant: 'default', limit: 9 })).toEqual([]);
});

test('another caller cannot use it', async () => {
  stage = await setStage({ policy });
  const hold = heldBy(await stage.call(big));
  await answer(hold);
  const principal = { ...ann, id: 'agent-b', roles: ['agent' as const] };
  expect(heldBy(await stage.call(big, { principal })).id).not.toBe(hold.id);
  expect(stage.forwarded).toEqual([]);
});

test('a call that was denied is refused while the denial is fresh', async () => {
  stage = await setStage({ policy });
  await answer(heldBy(await stage.call(big)), 'deny');
  expect(await stage.call(big)).toMatchObject({
    kind: 'refused',
    refusal: { code: 'approval_denied', rule: 'big', message: expect.stringContaining('said no') },
  });
  expect(stage.forwarded).toEqual([]);
});

test('an approval is still there after an upstream that provably got nothing', async () => {
  let fails = true;
  stage = await setStage({
    policy,
    answer: async () => {
      if (fails) throw new UpstreamFailure('unavailable', 'no connection', false);
      return { kind: 'result', result: { text: '{"content":[]}', value: { content: [] } } };
    },
  });
  const hold = heldBy(await stage.call(big));
  await answer(hold);
  expect(await stage.call(big)).toMatchObject({ refusal: { code: 'upstream_unavailable' } });
  fails = false;
  expect(await stage.call(big)).toMatchObject({ kind: 'completed' });
});

test('an approval of a call that may have run is used up', async () => {
  stage = await setStage({
    policy,
    answer: async () => {
      throw new UpstreamFailure('timeout', 'no answer', true);
    },
  });
  const hold = heldBy(await stage.call(big));
  await answer(hold);
  expect(await stage.call(big)).toMatchObject({ refusal: { code: 'upstream_timeout' } });
  expect(heldBy(await stage.call(big)).id).not.toBe(hold.id);
});

test('a decision that cannot be recorded is not carried out, and the approval is there for another try', async () => {
  let broken = false;
  stage = await setStage({
    policy,
    commit: (entry, write) => (broken ? Promise.reject(new Error('disk full')) : write(entry)),
  });
  const hold = heldBy(await stage.call(big));
  await answer(hold);
  broken = true;
  expect(await stage.call(big)).toMatchObject({ refusal: { code: 'audit_unavailable' } });
  expect(stage.forwarded).toEqual([]);
  expect(stage.approvals.find(hold.id)?.state).toBe('approved');
});

test('budgets are looked at when the call runs, and a person who is asked holds no money', async () => {
  const limits = [
    {
      kind: 'budget' as const,
      id: 'wallet',
      per: [],
      maxMicros: 150_000_000n,
      unit: 'USD',
      cost: { kind: 'argument' as const, path: ['amount'] },
      window: 'total' as const,
      refundOn: [],
    },
  ];
  stage = await setStage({
    policy: { default: 'deny', rules: [...rules, { id: 'wallet', match: {}, effect: 'limit', limits }] },
  });
  const first = heldBy(await stage.call(big));
  const second = heldBy(await stage.call({ ...big, to: 'b' }));
  await answer(first);
  await answer(second);
  expect(await stage.call(big)).toMatchObject({ kind: 'completed' });
  expect(await stage.call({ ...big, to: 'b' })).toMatchObject({ refusal: { code: 'budget_exhausted' } });
  expect(stage.approvals.find(second.id)?.state).toBe('approved');
});
