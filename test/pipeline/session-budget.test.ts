import { afterEach, describe, expect, test } from 'vitest';
import type { Call } from '../../packages/gateway/src/model/call.js';
import type { BudgetLimit } from '../../packages/gateway/src/model/obligation.js';
import type { Session } from '../../packages/gateway/src/model/session.js';
import { type Scene, type Stage, setStage } from './house.js';

let stage: Stage;

afterEach(() => stage.close());

const caller: Call['principal'] = {
  id: 'agent-a',
  credential: 'key:test',
  tenant: 'default',
  roles: ['agent'],
  labels: {},
};

/** Each call costs a dollar. */
async function open(more: Scene = {}): Promise<void> {
  stage = await setStage({
    caps: { perPrincipal: 1000, perUpstream: 1000 },
    priceOf: () => 1_000_000n,
    ...more,
  });
}

const create = async (scope: string, parent?: Session): Promise<Session> =>
  (await stage.sessions.create(caller, { agent: 'bot', scopes: ['execute', scope] }, { parent })).session;

async function callIn(session: Session, amount = 5): Promise<string> {
  const outcome = await stage.call({ to: 'acct-7', amount }, { principal: { ...caller, session } });
  return outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind;
}

const count = (codes: readonly string[], code: string) => codes.filter((one) => one === code).length;

describe('the budget of a session', () => {
  test('is never overspent by calls that come at once', async () => {
    await open();
    const session = await create('spend:40');
    const codes = await Promise.all(Array.from({ length: 100 }, () => callIn(session)));
    expect([count(codes, 'completed'), count(codes, 'budget_exhausted')]).toEqual([40, 60]);
    expect(stage.forwarded).toHaveLength(40);
  });

  test('is shared by the sessions that were delegated from it', async () => {
    await open();
    const parent = await create('spend:10');
    const children = await Promise.all([create('spend:8', parent), create('spend:8', parent)]);
    const codes = await Promise.all(
      children.flatMap((child) => Array.from({ length: 20 }, () => callIn(child))),
    );
    expect(count(codes, 'completed')).toBe(10);
    expect(await callIn(parent)).toBe('budget_exhausted');
  });

  test('goes on after a restart where it was', async () => {
    await open();
    const session = await create('spend:3');
    await callIn(session);
    await callIn(session);
    await stage.close({ keep: true });
    await open({ directory: stage.directory });
    expect([await callIn(session), await callIn(session)]).toEqual(['completed', 'budget_exhausted']);
  });

  test('counts the amount, too, of tools that spend', async () => {
    await open({ scopes: [{ tools: ['transfer'], scope: 'spend' }] });
    const session = await create('spend:25');
    expect([await callIn(session, 20), await callIn(session, 20), await callIn(session, 3)]).toEqual([
      'completed',
      'budget_exhausted',
      'completed',
    ]);
  });

  test('says in the refusal what is left, and that it does not begin anew', async () => {
    await open();
    const session = await create('spend:0.5');
    const refused = await stage.call(undefined, { principal: { ...caller, session } });
    expect(refused.kind === 'refused' && refused.refusal.message).toMatch(
      /^The budget "session:sn_[\w-]{16}" has 0.5 USD left of 0.5 USD; the call needs 1 USD\. It does not begin anew\. The call was not sent\.$/,
    );
  });
});

describe('a limit per session', () => {
  const limit: BudgetLimit = {
    kind: 'budget',
    id: 'each',
    per: ['session'],
    maxMicros: 2_000_000n,
    unit: 'USD',
    cost: { kind: 'price' },
    window: 'total',
    refundOn: [],
  };
  const policy = {
    default: 'allow' as const,
    rules: [{ id: 'each', match: {}, effect: 'limit' as const, limits: [limit] }],
  };

  test('counts each session apart, and those that were delegated from it with it', async () => {
    await open({ policy });
    const [one, other] = [await create('read'), await create('read')];
    const child = await create('read', one);
    expect([await callIn(one), await callIn(child), await callIn(one), await callIn(other)]).toEqual([
      'completed',
      'completed',
      'budget_exhausted',
      'completed',
    ]);
  });
});
