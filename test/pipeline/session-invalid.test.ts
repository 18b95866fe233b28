import { afterEach, describe, expect, test } from 'vitest';
import type { Call } from '../../packages/gateway/src/model/call.js';
import { invalidSession, type SessionFacts } from '../../packages/gateway/src/model/session.js';
import { type Stage, setStage } from './house.js';

let stage: Stage;

afterEach(() => stage.close());

const caller: Call['principal'] = {
  id: 'agent-a',
  credential: 'key:test',
  tenant: 'default',
  roles: ['agent'],
  labels: {},
};

const inSession = (session: SessionFacts) => ({ principal: { ...caller, session } });

async function open(ttlSeconds = 60) {
  stage = await setStage();
  return stage.sessions.create(caller, { agent: 'bot', scopes: ['execute'], ttlSeconds });
}

describe('a session', () => {
  test('lets calls pass while it is valid, and is named in their records without its token', async () => {
    const { session, token } = await open();
    expect((await stage.call(undefined, inSession(session))).kind).toBe('completed');
    const records = await stage.records();
    const calls = records.filter(({ record }) => record.type.startsWith('call.'));
    expect(calls.map(({ record }) => record.session)).toEqual(
      calls.map(() => ({ agent: 'bot', id: session.id })),
    );
    expect(JSON.stringify(records)).not.toContain(token);
  });

  test('that is revoked, over or was never valid is refused, with the same words', async () => {
    const { session } = await open();
    const { session: short } = await stage.sessions.create(caller, { agent: 'bot', ttlSeconds: 1 });
    await stage.sessions.revoke(session, 'test');
    await stage.sessions.revoke(short, 'test');
    const outcomes = [
      await stage.call(undefined, inSession(session)),
      await stage.call(undefined, inSession(short)),
      await stage.call(undefined, inSession(invalidSession)),
    ];
    const told = outcomes.map((outcome) =>
      outcome.kind === 'refused' ? [outcome.refusal.code, outcome.refusal.message] : [],
    );
    expect(told[0]?.[0]).toBe('session_invalid');
    expect(told).toEqual([told[0], told[0], told[0]]);
    expect(stage.forwarded).toEqual([]);
    const decided = (await stage.records()).filter(({ record }) => record.type === 'call.decided');
    expect(decided.map(({ record }) => [record.effect, record.code])).toEqual(
      decided.map(() => ['deny', 'session_invalid']),
    );
    expect(decided).toHaveLength(3);
  });

  test('that is not valid tells nothing of which tools there are', async () => {
    await open();
    const unknown = await stage.call(undefined, { ...inSession(invalidSession), target: 'nothing' });
    expect(unknown.kind === 'refused' && unknown.refusal.code).toBe('session_invalid');
  });

  test('is needed where the configuration says so', async () => {
    stage = await setStage({ sessionsRequired: true });
    const refused = await stage.call();
    expect(refused.kind === 'refused' && refused.refusal.message).toContain('need a session');
    await expect(stage.list()).rejects.toThrow('need a session');
    const listed = (await stage.records()).find(({ record }) => record.type === 'list.answered');
    expect(listed?.record).toMatchObject({ code: 'session_invalid', count: 0 });
  });
});
