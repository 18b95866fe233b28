import { afterEach, describe, expect, test } from 'vitest';
import type { Limit } from '../../packages/gateway/src/model/obligation.js';
import type { PolicySpec } from '../../packages/gateway/src/policy/rule.js';
import { ManualClock } from '../fixtures/upstreams/manual-clock.js';
import { type Scene, type Stage, setStage } from './house.js';

let stage: Stage;

afterEach(() => stage.close());

const perMinute: Limit = {
  kind: 'rate',
  id: 'sixty',
  max: 60,
  windowMs: 60_000,
  algorithm: 'sliding',
  per: ['principal'],
};

function limitedBy(...limits: Limit[]): PolicySpec {
  return { default: 'allow', rules: [{ id: 'slow', match: { tools: ['*'] }, effect: 'limit', limits }] };
}

async function open(limit: Limit, scene: Scene = {}): Promise<ManualClock> {
  const clock = new ManualClock();
  stage = await setStage({ policy: limitedBy(limit), clock, ...scene });
  return clock;
}

function codeOf(outcome: Awaited<ReturnType<Stage['call']>>): string {
  return outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind;
}

describe('a rate limit', () => {
  test('refuses the 61st call within a minute, says when to come again, and then lets it pass', async () => {
    const clock = await open(perMinute);
    for (let call = 0; call < 60; call += 1) await stage.call();
    const refused = await stage.call();
    expect(codeOf(refused)).toBe('rate_limited');
    expect(refused.kind === 'refused' && refused.refusal.retryAfterSeconds).toBe(60);
    expect(stage.forwarded).toHaveLength(60);
    await clock.advance(60_000);
    expect(codeOf(await stage.call())).toBe('completed');
  });

  test('is not used up by asking how a task goes, whatever is asked of it', async () => {
    await open({ ...perMinute, max: 1 });
    expect(codeOf(await stage.call())).toBe('completed');
    const task = { upstream: 'pay', tool: 'transfer', id: 't1' };
    const args = { value: { taskId: 'shown' }, text: '{"taskId":"shown"}' };
    for (const method of ['tasks/get', 'tasks/get', 'tasks/result', 'tasks/update', 'tasks/cancel'])
      expect([method, codeOf(await stage.call({}, { method, task, args }))]).toEqual([method, 'completed']);
    expect(codeOf(await stage.call())).toBe('rate_limited');
  });

  test('records the refusal once, with its code', async () => {
    await open({ ...perMinute, max: 1 });
    await stage.call();
    await stage.call();
    const decided = (await stage.records()).filter(({ record }) => record.type === 'call.decided');
    expect(decided.map(({ record }) => [record.effect, record.code])).toEqual([
      ['allow', undefined],
      ['deny', 'rate_limited'],
    ]);
  });

  test('is not used up by calls that policy denies', async () => {
    const deny = { id: 'no', match: { tools: ['*'] }, effect: 'deny', when: 'args.amount > 100.0' } as const;
    const rules = [...limitedBy({ ...perMinute, max: 1 }).rules, deny];
    await open(perMinute, { policy: { default: 'allow', rules } });
    expect(codeOf(await stage.call({ to: 'x', amount: 500 }))).toBe('denied');
    expect(codeOf(await stage.call())).toBe('completed');
  });

  test('is not used up by a call whose decision could not be recorded for sure', async () => {
    let fails = true;
    await open(
      { ...perMinute, max: 1 },
      { commit: (entry, write) => (fails ? Promise.reject(new Error('disk full')) : write(entry)) },
    );
    expect(codeOf(await stage.call())).toBe('audit_unavailable');
    fails = false;
    expect(codeOf(await stage.call())).toBe('rate_limited');
  });

  test('lets a call wait for its turn where it may queue, and no longer than it may', async () => {
    const clock = await open({ ...perMinute, max: 1, queueMs: 90_000 });
    await stage.call();
    const second = stage.call();
    const third = stage.call();
    await clock.advance(60_000);
    expect([codeOf(await second), codeOf(await third)].toSorted()).toEqual(['completed', 'rate_limited']);
    expect(stage.forwarded).toHaveLength(2);
  });

  test('does not send a call that is no longer allowed when its turn comes', async () => {
    const opens = new ManualClock();
    const until = new Date(opens.now() + 30_000).toISOString();
    const deny = {
      id: 'late',
      match: { tools: ['*'] },
      effect: 'deny',
      when: `now > timestamp("${until}")`,
    } as const;
    const rules = [...limitedBy({ ...perMinute, max: 1, queueMs: 90_000 }).rules, deny];
    const clock = await open(perMinute, { policy: { default: 'allow', rules } });
    await stage.call();
    const waiting = stage.call();
    await clock.advance(60_000);
    expect(codeOf(await waiting)).toBe('denied');
    expect(stage.forwarded).toHaveLength(1);
  });

  test('does not send a call whose caller lost the key when its turn comes', async () => {
    let isCurrent = true;
    const clock = await open({ ...perMinute, max: 1, queueMs: 90_000 }, { isCurrent: () => isCurrent });
    await stage.call();
    const waiting = stage.call();
    isCurrent = false;
    await clock.advance(60_000);
    expect(codeOf(await waiting)).toBe('denied');
    expect(stage.forwarded).toHaveLength(1);
  });

  test('forgets a waiting call whose caller leaves', async () => {
    await open({ ...perMinute, max: 1, queueMs: 90_000 });
    await stage.call();
    const leaving = new AbortController();
    const waiting = stage.call(undefined, { signal: leaving.signal });
    await new Promise((resolve) => setImmediate(resolve));
    leaving.abort();
    expect(codeOf(await waiting)).toBe('rate_limited');
  });
});

describe('a clock that is set by hand', () => {
  const hours = 3_600_000;

  /** A stage whose clock can be set while time goes on as it does. */
  async function openWithTwoClocks(limit: Limit) {
    const time = { elapsed: 0, shift: 0 };
    const clock = new ManualClock();
    const start = clock.now();
    clock.now = () => start + time.elapsed + time.shift;
    await open(limit, { clock, elapsed: () => time.elapsed });
    return time;
  }

  test.each([2 * hours, -2 * hours])('by %i ms reopens no limit of whatever algorithm', async (shift) => {
    const once = { ...perMinute, max: 1, windowMs: 6 * hours };
    for (const algorithm of ['sliding', 'bucket', 'fixed'] as const) {
      const time = await openWithTwoClocks({ ...once, algorithm });
      expect(codeOf(await stage.call())).toBe('completed');
      time.shift = shift;
      expect(codeOf(await stage.call()), algorithm).toBe('rate_limited');
      time.shift = 0;
      expect(codeOf(await stage.call()), algorithm).toBe('rate_limited');
      await stage.close();
    }
    const time = await openWithTwoClocks({ kind: 'repeat', id: 'r', max: 1, windowMs: hours, per: [] });
    await stage.call();
    time.shift = shift;
    expect(codeOf(await stage.call())).toBe('repeated_call');
  });

  test('opens a limit when its time is over, however the clock was set meanwhile', async () => {
    const time = await openWithTwoClocks({ ...perMinute, max: 1 });
    await stage.call();
    time.shift = -2 * hours;
    time.elapsed = 59_999;
    expect(codeOf(await stage.call())).toBe('rate_limited');
    time.elapsed = 60_000;
    expect(codeOf(await stage.call())).toBe('completed');
  });
});

describe('a limit on calls in progress', () => {
  test('refuses the call beyond it and lets the next pass when one has ended, however it ended', async () => {
    const answers: (() => void)[] = [];
    await open(
      { kind: 'concurrency', id: 'two', max: 2, per: ['principal'] },
      {
        answer: () =>
          new Promise((resolve, reject) => {
            answers.push(
              () => resolve({ kind: 'error', error: { code: -1, message: 'no' } }),
              () => reject(new Error('gone')),
            );
          }),
      },
    );
    const first = stage.call();
    const second = stage.call();
    await expect.poll(() => stage.forwarded.length).toBe(2);
    const refused = await stage.call();
    expect(codeOf(refused)).toBe('concurrency_limited');
    expect(refused.kind === 'refused' && refused.refusal.limit).toEqual({ id: 'two', max: 2, left: 0 });
    const other = stage.call(undefined, { principal: { ...ofAgent, id: 'agent-b' } });
    await expect.poll(() => stage.forwarded.length).toBe(3);
    answers[0]?.();
    answers[3]?.();
    answers[4]?.();
    await Promise.all([first, second, other]);
    const again = [stage.call(), stage.call()];
    await expect.poll(() => stage.forwarded.length).toBe(5);
    answers[6]?.();
    answers[8]?.();
    await Promise.all(again);
  });

  test('is free again after a call whose decision could not be recorded for sure', async () => {
    let fails = true;
    await open(
      { kind: 'concurrency', id: 'one', max: 1, per: [] },
      { commit: (entry, write) => (fails ? Promise.reject(new Error('disk full')) : write(entry)) },
    );
    expect(codeOf(await stage.call())).toBe('audit_unavailable');
    fails = false;
    expect(codeOf(await stage.call())).toBe('completed');
  });
});

const ofAgent = { credential: 'key:test', tenant: 'default', roles: ['agent' as const], labels: {} };

describe('a repeat limit', () => {
  test('refuses the same call again, and not another one', async () => {
    await open({ kind: 'repeat', id: 'loop', max: 2, windowMs: 60_000, per: ['principal'] });
    const codes = [];
    for (const amount of [5, 5, 5, 6]) codes.push(codeOf(await stage.call({ to: 'x', amount })));
    expect(codes).toEqual(['completed', 'completed', 'repeated_call', 'completed']);
  });
});
