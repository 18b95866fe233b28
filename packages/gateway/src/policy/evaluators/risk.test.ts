import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { evaluatorOf } from '../../../../../test/fixtures/evaluators.js';
import { loadConfig } from '../../app/config/load-config.js';
import { evaluatorSuite } from '../../testing/evaluator-suite.js';
import type { Verdict } from '../evaluator.js';
import { asked, callerOf, listed, promptOf, toolOf } from '../policy-fixture.js';
import { matchAction, matchAll, matchContextGt, matchSystem } from '../risk/build-matchers.js';
import { Wave } from '../risk/wave.js';

const refund = toolOf('stripe_refund');

/** The risk rule of seed 001 (`high_value_refund`), once with builders and once as YAML has it. */
const sample = {
  builders: {
    name: 'high_value_refund',
    match: matchAll(matchSystem('stripe'), matchAction('refund'), matchContextGt('amount', 100)),
    score: 30,
    minWave: Wave.REVIEW,
    reason: 'Refund over $100',
  },
  yaml: {
    name: 'high_value_refund',
    match: {
      all: [{ system: 'stripe' }, { action: 'refund' }, { contextGt: { key: 'amount', value: 100 } }],
    },
    score: 30,
    minWave: 'review',
    reason: 'Refund over $100',
  },
};

async function verdictOf(entry: object, args: object, tool = refund): Promise<Verdict> {
  const evaluator = await evaluatorOf({ kind: 'risk', ...entry });
  return evaluator.evaluate(asked(tool, args as never), new AbortController().signal);
}

describe('the risk sample of seed 001', () => {
  test.each(Object.entries(sample))('decides as its text says, written with %s', async (_how, rule) => {
    const rules = [rule];
    expect(await verdictOf({ rules }, { amount: 50 })).toMatchObject({
      effect: 'allow',
      findings: { wave: 1, outcome: 'auto', score: 0, contributions: [] },
    });
    expect(await verdictOf({ rules }, { amount: 100 })).toMatchObject({ effect: 'allow' });
    expect(await verdictOf({ rules }, { amount: 500 })).toEqual({
      effect: 'ask',
      reason: 'Refund over $100',
      detail: 'wave 4, score 30; high_value_refund +30 (at least wave 4)',
      findings: {
        wave: 4,
        label: 'review',
        outcome: 'review',
        score: 30,
        contributions: [{ rule: 'high_value_refund', score: 30, minWave: 4 }],
      },
      obligations: { limits: [], approvals: [{ rule: 'judge', reason: 'Refund over $100' }] },
    });
  });

  test.each([
    ['a missing amount', {}],
    ['an amount in text', { amount: '500' }],
    ['an amount in a list', { amount: [500] }],
    ['no amount', { amount: null }],
  ])('does not let %s slip by', async (_what, args) => {
    expect(await verdictOf({ rules: [sample.yaml] }, args)).toMatchObject({
      effect: 'ask',
      findings: { wave: 4, contributions: [{ rule: 'high_value_refund', score: 0, untold: 'review' }] },
    });
  });

  test('stands in the examples as it is tested here', async () => {
    const file = fileURLToPath(new URL('../../../../../examples/evaluators/risk.yaml', import.meta.url));
    const { evaluators } = await loadConfig({ file, environment: {} });
    expect(evaluators).toMatchObject([{ name: 'risk', kind: 'risk', rules: [sample.yaml] }]);
  });

  test('is not about other systems', async () => {
    expect(await verdictOf({ rules: [sample.yaml] }, {}, toolOf('slack_refund'))).toMatchObject({
      effect: 'allow',
    });
  });
});

describe('risk scoring', () => {
  test.each([
    [0, 1, 'allow'],
    [9, 1, 'allow'],
    [10, 2, 'allow'],
    [25, 3, 'allow'],
    [49, 3, 'allow'],
    [50, 4, 'ask'],
    [79, 4, 'ask'],
    [80, 5, 'deny'],
    [100, 5, 'deny'],
  ])('a score of %i is wave %i: %s', async (score, wave, effect) => {
    const rules = [{ name: 'all', match: {}, score }];
    expect(await verdictOf({ rules }, {})).toMatchObject({ effect, findings: { wave } });
  });

  test('keeps the score between 0 and 100 and lets nothing undercut a floor', async () => {
    const much = ['a', 'b'].map((name) => ({ name, match: {}, score: 90 }));
    expect(await verdictOf({ rules: much }, {})).toMatchObject({ findings: { score: 100 } });
    const mild = [
      { name: 'floor', match: {}, score: 0, minWave: 4 },
      { name: 'known', match: {}, score: -100 },
    ];
    expect(await verdictOf({ rules: mild }, {})).toMatchObject({
      effect: 'ask',
      findings: { score: 0, wave: 4 },
    });
  });

  test('bands, outcomes and profile can be chosen', async () => {
    const rules = [{ name: 'all', match: {}, score: 80 }];
    expect(await verdictOf({ rules, profile: 'surfit' }, {})).toMatchObject({ effect: 'ask' });
    expect(await verdictOf({ rules, bands: [1, 2, 3, 90] }, {})).toMatchObject({ findings: { wave: 4 } });
    const strict = { rules: [{ name: 'all', match: {}, score: 30 }], outcomes: { 3: 'block', 4: 'block' } };
    expect(await verdictOf(strict, {})).toMatchObject({ effect: 'deny' });
    expect(await verdictOf({ rules: [], whenAuto: 'abstain' }, {})).toMatchObject({ effect: 'abstain' });
  });

  test('sees upstream and tool as system and action where that is chosen, and names of its own', async () => {
    const rules = [{ name: 'r', match: { system: 'fs', action: 'delete' }, minWave: 5 }];
    const tool = toolOf('delete', {}, { upstream: 'fs' });
    expect(await verdictOf({ rules, mapping: { from: 'upstream' } }, {}, tool)).toMatchObject({
      effect: 'deny',
    });
    const mapping = { tools: { wipe: { system: 'fs', action: 'delete' } } };
    expect(await verdictOf({ rules, mapping }, {}, toolOf('wipe'))).toMatchObject({ effect: 'deny' });
  });

  test('says nothing of prompts and of questions of an upstream', async () => {
    const evaluator = await evaluatorOf({ kind: 'risk', rules: [] });
    const { signal } = new AbortController();
    expect(evaluator.evaluate(asked(promptOf('p')), signal)).toEqual({ effect: 'abstain' });
    const question = asked(refund, {}, { method: 'sampling/createMessage' });
    expect(evaluator.evaluate(question, signal)).toEqual({ effect: 'abstain' });
  });

  test('a list leaves out what no arguments could let pass', async () => {
    const evaluator = await evaluatorOf({
      kind: 'risk',
      rules: [
        { name: 'never', match: { tool: 'drop_all' }, minWave: 5 },
        { name: 'big', match: { contextGt: { key: 'n', value: 1 } }, minWave: 5 },
      ],
    });
    expect(evaluator.list?.(listed(toolOf('drop_all')))).toMatchObject({ effect: 'deny' });
    expect(evaluator.list?.(listed(refund))).toMatchObject({ effect: 'allow' });
  });

  test.each([
    [{ rules: [{ name: 'r', match: { system: '[' } }] }, 'evaluators[0].rules[0].match.system'],
    [
      { rules: [{ name: 'r', match: { all: [{ contextRegex: { key: 'a', pattern: '(' } }] } }] },
      'evaluators[0].rules[0].match.all[0].contextRegex.pattern',
    ],
    [{ rules: [{ name: 'r', match: { sytem: 'a' } }] }, 'evaluators[0].rules[0].match.sytem'],
    [{ rules: [{ name: 'r', match: {}, minWave: 6 }] }, 'evaluators[0].rules[0].minWave'],
    [{ rules: [], outcomes: { 1: 'block', 2: 'auto' } }, 'evaluators[0].outcomes'],
    [
      {
        rules: [
          { name: 'r', match: {} },
          { name: 'r', match: {} },
        ],
      },
      'evaluators[0].rules[1].name',
    ],
  ])('is refused when it is configured wrongly: %j', async (entry, path) => {
    const refused = await evaluatorOf({ kind: 'risk', ...entry }).catch((cause: unknown) => cause);
    expect(refused).toMatchObject({ problems: [{ path }] });
  });

  test.each(
    evaluatorSuite({ create: (name) => evaluatorOf({ name, kind: 'risk', rules: [sample.yaml] }) }).map(
      ({ title, run }) => [title, run] as const,
    ),
  )('%s', (_title, run) => run());

  test('knows the caller as actor', async () => {
    const evaluator = await evaluatorOf({
      kind: 'risk',
      rules: [{ name: 'r', match: { actor: 'intern-*' }, minWave: 'critical' }],
    });
    const question = asked(refund, {}, { principal: callerOf('intern-7') });
    expect(evaluator.evaluate(question, new AbortController().signal)).toMatchObject({ effect: 'deny' });
  });
});
