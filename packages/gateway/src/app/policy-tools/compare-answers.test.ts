import { describe, expect, test } from 'vitest';
import { type AnswerChange, compareAnswers } from './compare-answers.js';
import { compareRules } from './compare-rules.js';
import { configOf, offered, type onBench } from './policy-tools-fixture.js';
import { sampleCallers } from './sample-callers.js';
import { withBench } from './with-bench.js';

type Rules = Parameters<typeof onBench>[0];

async function compared(before: Rules, after: Rules): Promise<AnswerChange[]> {
  const [one, other] = [await configOf(before), await configOf(after)];
  const callers = sampleCallers([one, other], []);
  const { changes } = await withBench(one, offered(), (a) =>
    withBench(other, offered(), (b) => compareAnswers({ before: a, after: b, callers, more: [] })),
  );
  return [...changes];
}

const transfers: Rules[number] = { id: 'transfers', match: { tools: ['transfer'] }, effect: 'allow' };

describe('sample calls', () => {
  test('show a bound that moved, and say that more may happen', async () => {
    const ask: Rules[number] = { ...transfers, id: 'large', when: 'args.amount > 100', effect: 'ask' };
    const changes = await compared([transfers, ask], [transfers, { ...ask, when: 'args.amount > 200' }]);
    expect(changes).toMatchObject([
      { target: 'transfer', caller: 'somebody', before: 'ask', after: 'allow', direction: 'looser' },
    ]);
    expect(changes[0]?.example).toMatchObject({ args: { amount: 101 }, by: ['large', 'transfers'] });
  });

  test('show what only some callers, roles or labels meet', async () => {
    const ban: Rules[number] = {
      id: 'ban',
      match: { tools: ['transfer'], principals: ['bot-*'] },
      effect: 'deny',
    };
    const role: Rules[number] = {
      id: 'role',
      match: { tools: ['transfer'], roles: ['admin'] },
      effect: 'deny',
    };
    const label: Rules[number] = { id: 'label', match: { labels: { team: ['red'] } }, effect: 'hide' };
    const changes = await compared([transfers], [transfers, ban, role, label]);
    const told = changes.map(({ target, caller, roles, labels, after }) => [
      target,
      caller,
      roles,
      labels,
      after,
    ]);
    expect(told).toContainEqual(['transfer', 'bot-x', ['agent'], {}, 'deny']);
    expect(told).toContainEqual(['transfer', 'somebody', ['admin'], {}, 'deny']);
    expect(told).toContainEqual(['transfer', 'somebody', ['agent'], { team: 'red' }, 'hide']);
    expect(changes.every(({ direction }) => direction !== 'looser')).toBe(true);
  });

  test('show a schedule', async () => {
    const weekdays = { ...transfers, during: ['mon-fri'] };
    expect(await compared([transfers], [weekdays])).toMatchObject([
      { before: 'allow', after: 'deny', direction: 'tighter', example: { at: '2026-01-10T12:00:00.000Z' } },
    ]);
  });

  test('show nothing between policies that answer alike, however they are written', async () => {
    const reads: Rules[number] = { id: 'reads', match: { tools: ['read_*'] }, effect: 'allow' };
    expect(
      await compared([transfers, reads], [{ ...reads, match: { tools: ['read_file'] } }, transfers]),
    ).toEqual([]);
  });
});

describe('what is written', () => {
  test('is compared by the ids of rules and their members, whatever the order', async () => {
    const [a, b, c]: Rules = [
      { ...transfers, id: 'a' },
      { ...transfers, id: 'b' },
      { ...transfers, id: 'c' },
    ];
    const before = await configOf([a as Rules[number], b as Rules[number]]);
    const after = await configOf([c as Rules[number], { ...(a as Rules[number]), effect: 'ask' }]);
    expect(compareRules(before, after).map(({ id, change }) => `${change} ${id}`)).toEqual([
      'changed a',
      'removed b',
      'added c',
    ]);
    expect(compareRules(before, after)[0]?.members).toEqual([
      { name: 'effect', before: '"allow"', after: '"ask"' },
    ]);
  });

  test('has the default in it', async () => {
    const open = await configOf([], { policy: { default: 'allow' } });
    expect(compareRules(await configOf([]), open)).toEqual([
      {
        what: 'default',
        change: 'changed',
        members: [{ name: 'default', before: '"deny"', after: '"allow"' }],
      },
    ]);
  });
});
