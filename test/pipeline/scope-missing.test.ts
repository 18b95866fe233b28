import { afterEach, describe, expect, test } from 'vitest';
import type { Call } from '../../packages/gateway/src/model/call.js';
import type { PolicySpec } from '../../packages/gateway/src/policy/rule.js';
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

async function callWith(scopes: string[], scene: Scene = {}, args?: unknown) {
  stage = await setStage(scene);
  const { session } = await stage.sessions.create(caller, { agent: 'bot', scopes });
  return stage.call(args, { principal: { ...caller, session } });
}

const codeOf = (outcome: Awaited<ReturnType<Stage['call']>>) =>
  outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind;

const spends = { scopes: [{ tools: ['pay:transfer'], scope: 'spend' as const }] };

describe('a session', () => {
  test('reaches only what its scopes allow, and the refusal says which one is missing', async () => {
    const refused = await callWith(['read', 'execute'], spends);
    expect(codeOf(refused)).toBe('scope_missing');
    expect(refused.kind === 'refused' && refused.refusal.message).toBe(
      'transfer needs a session with the scope spend; this one has read, execute. The call was not sent.',
    );
    expect(stage.forwarded).toEqual([]);
  });

  test.each([[['spend']], [['admin']]])('with %j passes', async (scopes) => {
    expect(codeOf(await callWith(scopes, spends))).toBe('completed');
  });

  test('without the scope does not learn of a tool that is hidden from it', async () => {
    const hide: PolicySpec = { default: 'allow', rules: [{ id: 'h', match: {}, effect: 'hide' }] };
    expect(codeOf(await callWith(['read'], { ...spends, policy: hide }))).toBe('unknown');
  });

  test('without the scope learns of it before its arguments are complained of', async () => {
    expect(codeOf(await callWith(['read'], spends, { amount: 'much' }))).toBe('scope_missing');
  });
});

test('rules see the session: its agent, scopes and labels', async () => {
  const policy: PolicySpec = {
    default: 'deny',
    rules: [
      {
        id: 'by-session',
        match: { scopes: ['execute'], sessionLabels: { team: ['r*'] } },
        when: 'session.agent == "bot" && "execute" in session.scopes && session.labels.team == "red"',
        effect: 'allow',
      },
    ],
  };
  stage = await setStage({ policy });
  const allowed = async (labels: Record<string, string>) => {
    const { session } = await stage.sessions.create(caller, { agent: 'bot', scopes: ['execute'], labels });
    return codeOf(await stage.call(undefined, { principal: { ...caller, session } }));
  };
  expect(await allowed({ team: 'red' })).toBe('completed');
  expect(await allowed({ team: 'rose' })).toBe('denied');
  expect(await allowed({})).toBe('denied');
  expect(codeOf(await stage.call())).toBe('denied');
});
