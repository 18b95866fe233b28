import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { configOf, evaluatorOf, evaluatorsOf } from '../../../../../test/fixtures/evaluators.js';
import type { Question } from '../../model/decision.js';
import { evaluatorSuite } from '../../testing/evaluator-suite.js';
import type { Verdict } from '../evaluator.js';
import { defineEvaluator } from '../evaluator-plugin.js';
import { asked, toolOf } from '../policy-fixture.js';

const { signal } = new AbortController();

/** The custom evaluator of seed 001, word for word but for the names of this house. */
async function largeTransfers({ target, args }: Question): Promise<Verdict> {
  const amount = (args as { amount?: unknown } | undefined)?.amount ?? 0;
  if (target.name === 'send_money' && Number(amount) > 10_000) {
    return { effect: 'ask', reason: 'Large transfer needs review' };
  }
  return { effect: 'allow', reason: 'OK' };
}

describe('a function', () => {
  test('the custom evaluator of seed 001 asks a person about large transfers and allows the rest', async () => {
    const evaluator = await evaluatorOf({ use: largeTransfers });
    const answer = (name: string, amount: number) =>
      evaluator.evaluate(asked(toolOf(name), { amount }), signal);
    expect(await answer('send_money', 10_001)).toEqual({
      effect: 'ask',
      reason: 'Large transfer needs review',
    });
    expect(await answer('send_money', 10_000)).toEqual({ effect: 'allow', reason: 'OK' });
    expect(await answer('demo_refund', 500)).toMatchObject({ effect: 'allow' });
  });

  test.each(
    evaluatorSuite({ create: (name) => evaluatorOf({ name, use: largeTransfers }) }).map(
      ({ title, run }) => [title, run] as const,
    ),
  )('%s', (_title, run) => run());
});

describe('a plug-in', () => {
  class Fixed {
    readonly name = 'of its own';
    readonly effect: Verdict['effect'];
    constructor(effect: Verdict['effect']) {
      this.effect = effect;
    }
    evaluate(): Verdict {
      return { effect: this.effect };
    }
  }
  const fixed = defineEvaluator({
    name: 'fixed',
    options: z.strictObject({ effect: z.enum(['allow', 'deny']) }),
    create: ({ effect }) => new Fixed(effect),
  });

  test('gets its options checked and is called what the configuration calls it', async () => {
    const evaluator = await evaluatorOf({ use: fixed, options: { effect: 'deny' } });
    expect(evaluator.name).toBe('judge');
    expect(evaluator.evaluate(asked(toolOf('t')), signal)).toEqual({ effect: 'deny' });
    await expect(evaluatorOf({ use: fixed, options: { effect: 'no' } })).rejects.toMatchObject({
      problems: [{ path: 'evaluators[0].options.effect' }],
    });
  });

  test('that makes nothing, or throws, refuses the configuration', async () => {
    const broken = { kind: 'evaluator', name: 'broken', options: z.unknown(), create: () => ({}) };
    await expect(evaluatorOf({ use: broken })).rejects.toThrow('made no evaluator');
    const failing = defineEvaluator({
      name: 'failing',
      options: z.unknown(),
      create: () => Promise.reject(new Error('no model found')),
    });
    await expect(evaluatorOf({ use: failing })).rejects.toThrow('evaluators[0]: no model found');
  });

  test('and a function are all that can be used', async () => {
    for (const use of ['risk', {}, null, 5]) {
      await expect(configOf([{ name: 'x', use }])).rejects.toMatchObject({ name: 'ConfigError' });
    }
  });
});

test('two evaluators of one name are refused', async () => {
  const entry = { name: 'same', use: largeTransfers };
  await expect(evaluatorsOf([entry, entry])).rejects.toMatchObject({
    problems: [{ path: 'evaluators[1].name' }],
  });
});

test('what is configured is in the revision, code included', async () => {
  const revisionOf = async (entry: object) => (await evaluatorsOf([{ name: 'a', ...entry }]))[0]?.revision;
  const first = await revisionOf({ use: largeTransfers });
  expect(await revisionOf({ use: largeTransfers })).toBe(first);
  expect(await revisionOf({ use: async () => ({ effect: 'allow' }) })).not.toBe(first);
  expect(await revisionOf({ use: largeTransfers, shadow: true })).not.toBe(first);
  const own = defineEvaluator({
    name: 'own',
    options: z.unknown(),
    create: (_options, { name }) => ({ name, evaluate: largeTransfers }),
  });
  expect(await revisionOf({ use: own, options: { since: new Date(0) } })).toMatch(/^sha256:/);
});
