import { afterEach, describe, expect, test } from 'vitest';
import type { Call } from '../../packages/gateway/src/model/call.js';
import type { UpstreamQuestion } from '../../packages/gateway/src/model/client.js';
import { result, type Stage, setStage } from './house.js';

let stage: Stage;
afterEach(() => stage.close());

const sure = {
  id: 'sure',
  match: { tools: ['transfer'] },
  effect: 'confirm',
  reason: 'Money moves.',
} as const;
const asks = { id: 'asks', match: { tools: ['transfer'] }, effect: 'ask' } as const;
const confirming = { default: 'allow', rules: [sure] } as const;
const both = { default: 'deny', rules: [asks, sure] } as const;
const args = { to: 'bob', amount: 5 };
const yes = '{"action":"accept","content":{"confirm":true}}';

/** A client whose user says so, with what it was asked. */
function client(answer = yes, capabilities = '{"elicitation":{}}') {
  const asked: UpstreamQuestion[] = [];
  const call: Partial<Call> = {
    client: { capabilities, asker: 'me' },
    ask: async (question) => {
      asked.push(question);
      return { kind: 'result', result: result(answer) };
    },
  };
  return { asked, call };
}

const person = {
  id: 'ann',
  credential: 'key:ann',
  tenant: 'default',
  roles: ['approver'],
  labels: {},
} as const;

async function approve(): Promise<string> {
  const [hold] = stage.approvals.list({ tenant: 'default', state: 'pending', limit: 1 });
  const id = hold?.id ?? '';
  const seen = hold?.bind ?? '';
  await stage.approvals.answer(id, { by: person as never, verdict: 'approve', channel: 'rest', seen });
  return id;
}

describe('a call that the user of its caller must confirm', () => {
  test('is sent when they do, and is on record with what they were asked and said', async () => {
    stage = await setStage({ policy: confirming });
    const { asked, call } = client();
    expect(await stage.call(args, call)).toMatchObject({ kind: 'completed' });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.params.value.message).toMatch(/"transfer".*amount.*bob.*Money moves\./);
    const types = (await stage.records()).map(({ record }) => record);
    expect(types).toMatchObject([
      { type: 'call.question', n: 0, effect: 'allow' },
      { type: 'call.answer', n: 0, answer: 'accept' },
      { type: 'call.decided', effect: 'allow' },
      { type: 'call.outcome' },
    ]);
  });

  test.each([
    ['declines', '{"action":"decline"}'],
    ['closes the form', '{"action":"cancel"}'],
    ['agrees without a yes', '{"action":"accept","content":{"confirm":false}}'],
    ['agrees to something else', '{"action":"accept","content":{"approved":true}}'],
    ['says nothing that is an answer', '{"ok":true}'],
  ])('is refused, and not sent, when the user %s', async (_what, answer) => {
    stage = await setStage({ policy: confirming });
    expect(await stage.call(args, client(answer).call)).toMatchObject({
      kind: 'refused',
      refusal: { code: 'not_confirmed', rule: 'sure', mayHaveRun: false },
    });
    expect(stage.forwarded).toEqual([]);
    expect((await stage.records()).at(-1)?.record).toMatchObject({ effect: 'deny', code: 'not_confirmed' });
  });

  test.each([
    ['cannot be asked anything', { client: { capabilities: '{}', asker: 'me' } }],
    ['declares no forms', client(yes, '{"roots":{}}').call],
    ['opens pages only', client(yes, '{"elicitation":{"url":{}}}').call],
  ])('is refused where the client %s', async (_what, call) => {
    stage = await setStage({ policy: confirming });
    expect(await stage.call(args, call)).toMatchObject({ refusal: { code: 'not_confirmed' } });
    expect(stage.forwarded).toEqual([]);
  });

  test('is not allowed by that: the rule says nothing where nothing lets the call pass', async () => {
    stage = await setStage({ policy: { default: 'deny', rules: [sure] } });
    const { asked, call } = client();
    expect(await stage.call(args, call)).toMatchObject({ refusal: { code: 'denied' } });
    expect(asked).toEqual([]);
  });
});

describe('a call that must be confirmed and approved', () => {
  test('needs both: it waits for a person once it is confirmed, and is not confirmed again', async () => {
    stage = await setStage({ policy: both });
    const { asked, call } = client();
    expect(await stage.call(args, call)).toMatchObject({ kind: 'suspended', hold: { confirmed: true } });
    expect(await stage.call(args, call)).toMatchObject({ kind: 'suspended' });
    await approve();
    expect(await stage.call(args, call)).toMatchObject({ kind: 'completed' });
    expect(asked).toHaveLength(1);
    expect(await stage.call(args, call)).toMatchObject({ kind: 'suspended' });
    expect(asked).toHaveLength(2);
  });

  test('is not held where the user does not confirm it', async () => {
    stage = await setStage({ policy: both });
    expect(await stage.call(args, client('{"action":"decline"}').call)).toMatchObject({
      refusal: { code: 'not_confirmed' },
    });
    expect(stage.approvals.list({ tenant: 'default', limit: 9 })).toEqual([]);
  });

  test('is not made by the gateway for its caller unless it was confirmed', async () => {
    stage = await setStage({ policy: both });
    await stage.call(args, client().call);
    const id = await approve();
    expect(await stage.call({ ...args, amount: 6 }, { carries: id })).toMatchObject({
      refusal: { code: 'not_confirmed' },
    });
    expect(await stage.call(args, { carries: id })).toMatchObject({ kind: 'completed' });
  });
});
