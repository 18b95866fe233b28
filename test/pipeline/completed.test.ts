import { afterEach, expect, test } from 'vitest';
import { result, type Stage, setStage } from './house.js';

let stage: Stage;
afterEach(() => stage.close());

test('an allowed call is forwarded once and its result comes back as it came', async () => {
  const text = '{"content":[{"type":"new-kind","n":1.0,"id":9007199254740993}],"later":true}';
  stage = await setStage({ answer: async () => ({ kind: 'result', result: result(text) }) });
  const outcome = await stage.call();
  expect(outcome).toMatchObject({ kind: 'completed', result: { text } });
  expect(stage.forwarded).toHaveLength(1);
});

test('the record says who called what with which arguments, under which policy, and how it ended', async () => {
  stage = await setStage();
  const outcome = await stage.call({ to: 'acct-7', amount: 5 });
  const [decided, ended, ...more] = await stage.records();
  expect(more).toEqual([]);
  expect(decided?.record).toMatchObject({
    type: 'call.decided',
    call: outcome.callId,
    effect: 'allow',
    caller: { id: 'agent-a', cred: 'key:test' },
    tool: { name: 'transfer', upstream: 'pay', def: expect.stringMatching(/^sha256:/) },
    policy: { rev: stage.policy.revision },
    mcp: { method: 'tools/call', rev: '2026-07-28' },
  });
  expect(decided?.payloads.args).toBe('{"to":"acct-7","amount":5}');
  expect(ended?.record).toMatchObject({
    type: 'call.outcome',
    call: outcome.callId,
    outcome: 'executed',
    tool: { name: 'transfer', upstream: 'pay' },
  });
  expect(ended?.payloads.result).toBe('{"content":[]}');
});

test('the decision is durable before a byte is sent, and the outcome before the reply', async () => {
  const steps: string[] = [];
  stage = await setStage({
    commit: async (entry, write) => {
      await write(entry);
      steps.push(`durable ${entry.record.type}`);
    },
    answer: async () => {
      steps.push('sent');
      return { kind: 'result', result: result('{"content":[]}') };
    },
  });
  await stage.call();
  steps.push('replied');
  expect(steps).toEqual(['durable call.decided', 'sent', 'durable call.outcome', 'replied']);
});

test("a tool's own error is passed on and recorded as an execution with an error", async () => {
  const text = '{"content":[],"isError":true}';
  stage = await setStage({ answer: async () => ({ kind: 'result', result: result(text) }) });
  expect(await stage.call()).toMatchObject({ kind: 'completed', result: { text } });
  expect((await stage.records())[1]?.record).toMatchObject({ outcome: 'executed', error: true });
});

test("an upstream's JSON-RPC error is passed on and recorded with its code", async () => {
  stage = await setStage({ answer: async () => ({ kind: 'error', error: { code: 4711, message: 'no' } }) });
  expect(await stage.call()).toMatchObject({ kind: 'errored', error: { code: 4711, message: 'no' } });
  expect((await stage.records())[1]?.record).toMatchObject({
    outcome: 'executed',
    error: true,
    code: '4711',
  });
});

test('the caller sees what it may call, and each list is on record', async () => {
  stage = await setStage({
    policy: {
      default: 'deny',
      rules: [{ id: 'a-only', match: { principals: ['agent-a'] }, effect: 'allow' }],
    },
  });
  expect(await stage.list('agent-a')).toEqual(['transfer']);
  expect(await stage.list('agent-b')).toEqual([]);
  const types = (await stage.records()).map(({ record }) => [record.type, record.count]);
  expect(types).toEqual([
    ['list.answered', 1],
    ['list.answered', 0],
  ]);
});
