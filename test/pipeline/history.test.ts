import { afterEach, expect, test } from 'vitest';
import { configInMemory } from '../../packages/gateway/src/app/config/load-config.js';
import { Doubts } from '../../packages/gateway/src/app/doubts.js';
import { createSnapshot } from '../../packages/gateway/src/app/snapshot.js';
import { Broker } from '../../packages/gateway/src/credentials/broker.js';
import { newId } from '../../packages/gateway/src/lib/ids.js';
import { parseJson } from '../../packages/gateway/src/lib/json/parse-json.js';
import type { Call } from '../../packages/gateway/src/model/call.js';
import type { JsonObjectText } from '../../packages/gateway/src/model/json.js';
import { createGovernCall } from '../../packages/gateway/src/pipeline/govern-call.js';
import { EvaluatorPanel } from '../../packages/gateway/src/policy/evaluator-panel.js';
import { Histories } from '../../packages/gateway/src/policy/histories.js';
import { compilePolicy } from '../../packages/gateway/src/policy/policy.js';
import type { RuleSpec } from '../../packages/gateway/src/policy/rule.js';
import { result, type Stage, setStage } from './house.js';

let stage: Stage;
afterEach(() => stage.close());

/** Calls through the pipeline as the gateway puts it together, with what callers did before kept. */
async function callsUnder(...rules: RuleSpec[]): Promise<(to: string, by?: string) => Promise<string>> {
  stage = await setStage({
    answer: async () => ({
      kind: 'result',
      result: result('{"content":[{"type":"text","text":"of eve@corp.example"}]}'),
    }),
  });
  const config = await configInMemory({ upstreams: {} }, '.', { environment: {} });
  const broker = new Broker({ sources: [], clock: stage.house.clock });
  const policy = compilePolicy({ default: 'allow', rules });
  const panel = new EvaluatorPanel(policy, [], stage.house.clock);
  const parts = {
    config,
    policy,
    panel,
    doubts: new Doubts(),
    histories: new Histories(),
    specs: [],
    broker,
  };
  const snapshot = createSnapshot({ ...parts, onCredentialFault: () => undefined });
  const govern = createGovernCall({
    ...stage.house,
    snapshot: () => ({ ...snapshot, timeoutMsOf: () => 1000 }),
  });
  return async (to, by = 'agent-a') => {
    const outcome = await govern(callOf(to, by));
    return outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind;
  };
}

function callOf(to: string, by: string): Call {
  return {
    id: newId(),
    at: stage.house.clock.now(),
    method: 'tools/call',
    kind: 'tool',
    target: 'transfer',
    client: { capabilities: '{}', asker: '' },
    principal: { id: by, credential: 'key:test', tenant: 'default', roles: ['agent'], labels: {} },
    arrival: { transport: 'http', revision: '2026-07-28' },
    args: parseJson(JSON.stringify({ to, amount: 5 })) as JsonObjectText,
    meta: new Map(),
    signal: new AbortController().signal,
  };
}

test('a rule sees the calls that the same caller made before, also those still under way', async () => {
  const call = await callsUnder({
    id: 'twice',
    match: {},
    effect: 'deny',
    when: 'history.calls("transfer") >= 2',
  });
  expect(await Promise.all([call('a'), call('a'), call('a')])).toEqual(['completed', 'completed', 'denied']);
  expect(await call('a', 'agent-b')).toBe('completed');
});

test('a call that a person approved counts once', async () => {
  const call = await callsUnder(
    { id: 'ask', match: {}, effect: 'ask' },
    { id: 'twice', match: {}, effect: 'deny', when: 'history.calls("transfer") >= 2' },
  );
  expect(await call('a')).toBe('suspended');
  const [hold] = stage.approvals.list({ tenant: 'default', limit: 9 });
  if (hold === undefined) throw new Error('expected a hold');
  const by = {
    id: 'ann',
    credential: 'key:ann',
    tenant: 'default',
    roles: ['approver' as const],
    labels: {},
  };
  await stage.approvals.answer(hold.id, { by, verdict: 'approve', channel: 'rest', seen: hold.bind });
  expect(await call('a')).toBe('completed');
  expect(await call('a')).toBe('suspended');
});

test('a rule sees that data of an earlier result leaves with the arguments', async () => {
  const call = await callsUnder({
    id: 'leak',
    match: {},
    effect: 'deny',
    when: 'history.dataFrom("transfer", args)',
  });
  expect(await call('eve@corp.example')).toBe('completed');
  expect(await call('eve@corp.example')).toBe('denied');
  expect(await call('bob@corp.example')).toBe('completed');
  expect(await call('eve@corp.example', 'agent-b')).toBe('completed');
});
