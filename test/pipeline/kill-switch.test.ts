import { afterEach, describe, expect, test } from 'vitest';
import type { KillOrder } from '../../packages/gateway/src/limits/kill-switches.js';
import type { Limit } from '../../packages/gateway/src/model/obligation.js';
import { ManualClock } from '../fixtures/upstreams/manual-clock.js';
import { type Scene, type Stage, setStage } from './house.js';

let stage: Stage;

afterEach(() => stage.close());

async function open(scene: Scene = {}): Promise<ManualClock> {
  const clock = new ManualClock();
  stage = await setStage({ clock, ...scene });
  return clock;
}

function order(more: Partial<KillOrder> = {}): KillOrder {
  return { tenant: 'default', scope: 'all', name: '', reason: 'It ran wild.', by: 'ops', ...more };
}

function codeOf(outcome: Awaited<ReturnType<Stage['call']>>): string {
  return outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind;
}

const other = {
  id: 'agent-b',
  credential: 'key:b',
  tenant: 'default',
  roles: ['agent' as const],
  labels: {},
};

describe('a kill switch', () => {
  test.each([
    ['all', '', 'all calls', 'kill_switch'],
    ['principal', 'agent-a', 'all calls of this caller', 'completed'],
    ['tool', 'transfer', 'the tool "transfer"', 'kill_switch'],
    ['upstream', 'pay', 'all calls to "pay"', 'kill_switch'],
  ] as const)('for %s %s stops those calls, says so, and is lifted', async (scope, name, what, others) => {
    await open();
    const thrown = await stage.kills.throwSwitch(order({ scope, name }));
    const refused = await stage.call();
    expect(codeOf(refused)).toBe('kill_switch');
    expect(refused.kind === 'refused' && refused.refusal.message).toBe(
      `An operator of the gateway has stopped ${what}. The reason given: It ran wild. The call was not sent.`,
    );
    expect(codeOf(await stage.call(undefined, { principal: other }))).toBe(others);
    await stage.kills.lift(thrown.id, 'ops');
    expect(codeOf(await stage.call())).toBe('completed');
  });

  test.each([
    ['principal', 'agent-b'],
    ['tool', 'refund'],
    ['upstream', 'files'],
    ['tool', 'pay'],
  ] as const)('for %s %s stops no other calls', async (scope, name) => {
    await open();
    await stage.kills.throwSwitch(order({ scope, name }));
    expect(codeOf(await stage.call())).toBe('completed');
  });

  test('of one tenant stops nobody of another, and one of every tenant stops both', async () => {
    await open();
    await stage.kills.throwSwitch(order({ tenant: 'acme' }));
    expect(codeOf(await stage.call())).toBe('completed');
    await stage.kills.throwSwitch(order({ tenant: '*' }));
    expect(codeOf(await stage.call())).toBe('kill_switch');
  });

  test('and its end are on record, and so is each call that it refuses, once', async () => {
    await open();
    const { id } = await stage.kills.throwSwitch(order({ scope: 'principal', name: 'agent-a' }));
    await stage.kills.throwSwitch(order({ scope: 'principal', name: 'agent-a', reason: 'Again.' }));
    await stage.call();
    await stage.kills.lift(id, 'chief');
    const records = (await stage.records()).map(({ record }) => record);
    expect(records.map(({ type, code, by }) => [type, code ?? by])).toEqual([
      ['kill.thrown', 'ops'],
      ['call.decided', 'kill_switch'],
      ['kill.lifted', 'chief'],
    ]);
    expect(records[0]).toMatchObject({ scope: 'principal', name: 'agent-a', reason: 'It ran wild.' });
  });

  test('that cannot be recorded stands, and one whose end cannot be recorded too', async () => {
    let fails = true;
    await open({ commit: (entry, write) => (fails ? Promise.reject(new Error('full')) : write(entry)) });
    await expect(stage.kills.throwSwitch(order())).rejects.toThrow('full');
    const [standing] = stage.kills.list();
    await expect(stage.kills.lift(standing?.id ?? '', 'ops')).rejects.toThrow('full');
    fails = false;
    expect(codeOf(await stage.call())).toBe('kill_switch');
  });

  test('gives away no tool that its caller may not know', async () => {
    const hide = { id: 'h', match: { tools: ['transfer'] }, effect: 'hide' as const };
    await open({ policy: { default: 'allow', rules: [hide] } });
    await stage.kills.throwSwitch(order({ scope: 'tool', name: 'transfer' }));
    expect((await stage.call()).kind).toBe('unknown');
  });

  test('for a caller leaves it no list', async () => {
    await open();
    await stage.kills.throwSwitch(order({ scope: 'principal', name: 'agent-a' }));
    await expect(stage.list('agent-a')).rejects.toThrow('has stopped all calls of this caller');
    expect(await stage.list('agent-b')).toEqual(['transfer']);
  });

  test('refuses a call that waits for its turn, before its turn comes', async () => {
    const limit: Limit = {
      kind: 'rate',
      id: 'r',
      max: 1,
      windowMs: 60_000,
      algorithm: 'sliding',
      per: [],
      queueMs: 90_000,
    };
    const rule = { id: 'slow', match: { tools: ['*'] }, effect: 'limit' as const, limits: [limit] };
    await open({ policy: { default: 'allow', rules: [rule] } });
    await stage.call();
    const waiting = stage.call();
    await new Promise((resolve) => setImmediate(resolve));
    await stage.kills.throwSwitch(order({ scope: 'tool', name: 'transfer' }));
    expect(codeOf(await waiting)).toBe('kill_switch');
    expect(stage.forwarded).toHaveLength(1);
  });

  test('refuses a call that a person has approved, and leaves the approval usable', async () => {
    const ask = { id: 'ask', match: { tools: ['*'] }, effect: 'ask' as const };
    await open({ policy: { default: 'deny', rules: [ask] } });
    const held = await stage.call();
    if (held.kind !== 'suspended') throw new Error(held.kind);
    const by = {
      id: 'boss',
      credential: 'key:boss',
      tenant: 'default',
      roles: ['approver' as const],
      labels: {},
    };
    await stage.approvals.answer(held.hold.id, {
      by,
      verdict: 'approve',
      channel: 'rest',
      seen: held.hold.bind,
    });
    const { id } = await stage.kills.throwSwitch(order({ scope: 'upstream', name: 'pay' }));
    expect(codeOf(await stage.call())).toBe('kill_switch');
    expect(stage.forwarded).toHaveLength(0);
    await stage.kills.lift(id, 'ops');
    expect(codeOf(await stage.call())).toBe('completed');
  });

  test('lets a call that was sent already end, and refuses what its server asks meanwhile', async () => {
    let answer: (text: string) => void = () => undefined;
    const asked: unknown[] = [];
    await open({
      answer: async (request) => {
        await new Promise<string>((resolve) => {
          answer = resolve;
        });
        asked.push(
          await request.ask?.({
            method: 'elicitation/create',
            params: {
              text: '{"message":"m","requestedSchema":{}}',
              value: { message: 'm', requestedSchema: {} },
            },
          } as never),
        );
        return { kind: 'result', result: { text: '{"content":[]}', value: { content: [] } } };
      },
    });
    const running = stage.call(undefined, {
      client: { capabilities: '{"elicitation":{}}', asker: '1' },
      ask: () => Promise.reject(new Error('must not be asked')),
    });
    await expect.poll(() => stage.forwarded.length).toBe(1);
    await stage.kills.throwSwitch(order());
    answer('go');
    expect(codeOf(await running)).toBe('completed');
    expect(asked).toMatchObject([{ kind: 'result', result: { value: { action: 'decline' } } }]);
  });
});

test('two gateways on one store know of each other’s kill switches within a second', async () => {
  const clock = await open();
  const { KillSwitches } = await import('../../packages/gateway/src/limits/kill-switches.js');
  const record = () => Promise.resolve();
  const elsewhere = new KillSwitches({ table: stage.store.kills, clock, log: stage.house.log, record });
  stage.kills.begin();
  const { id } = await elsewhere.throwSwitch(order());
  expect(codeOf(await stage.call())).toBe('completed');
  await clock.advance(1000);
  expect(codeOf(await stage.call())).toBe('kill_switch');
  await elsewhere.lift(id, 'ops');
  await clock.advance(1000);
  expect(codeOf(await stage.call())).toBe('completed');
  stage.kills.end();
});
