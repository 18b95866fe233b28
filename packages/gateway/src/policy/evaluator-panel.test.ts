import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../../test/fixtures/upstreams/manual-clock.js';
import type { Decision } from '../model/decision.js';
import type { Limit } from '../model/obligation.js';
import type { AttachedEvaluator, Evaluator, Verdict } from './evaluator.js';
import { EvaluatorPanel } from './evaluator-panel.js';
import { compilePolicy } from './policy.js';
import { asked, listed, policyOf, type RuleDraft, specOf, toolOf } from './policy-fixture.js';

const tool = toolOf('pay');
const limit: Limit = { kind: 'rate', id: 'r', per: [], max: 1, windowMs: 1_000, algorithm: 'sliding' };

function says(
  verdict: Verdict | (() => Verdict | Promise<Verdict>),
  more: Partial<AttachedEvaluator> & Pick<Partial<Evaluator>, 'list' | 'name'> = {},
): AttachedEvaluator {
  const { list, name = 'judge', ...attached } = more;
  const evaluate = typeof verdict === 'function' ? verdict : () => verdict;
  return { evaluator: { name, evaluate, ...(list && { list }) }, timeoutMs: 100, ...attached };
}

function panel(rules: RuleDraft[], ...evaluators: AttachedEvaluator[]): EvaluatorPanel {
  return new EvaluatorPanel(policyOf(...rules), evaluators, new ManualClock());
}

function decide(rules: RuleDraft[], ...evaluators: AttachedEvaluator[]): Decision {
  const decision = panel(rules, ...evaluators).decide(asked(tool));
  if (decision instanceof Promise) throw new Error('expected an answer at once');
  return decision;
}

const allow: RuleDraft[] = [{ effect: 'allow' }];

describe('evaluators beside the rules', () => {
  test('are heard where the rules say nothing, and the default where nobody does', () => {
    expect(decide([], says({ effect: 'allow', reason: 'Fine.' }))).toMatchObject({
      effect: 'allow',
      evaluator: 'judge',
      reason: 'Fine.',
    });
    expect(decide([], says({ effect: 'abstain' }))).toMatchObject({
      effect: 'deny',
      reason: 'No rule allows agent-a to call pay.',
    });
    const open = new EvaluatorPanel(
      compilePolicy({ default: 'allow', rules: [] }),
      [says({ effect: 'abstain' })],
      new ManualClock(),
    );
    expect(open.decide(asked(tool))).toMatchObject({ effect: 'allow' });
  });

  test('tighten what the rules say and never loosen it', () => {
    expect(decide(allow, says({ effect: 'deny', reason: 'No.', detail: 'score 90' }))).toMatchObject({
      effect: 'deny',
      reason: 'No.',
      detail: 'score 90',
    });
    expect(decide(allow, says({ effect: 'ask' })).effect).toBe('ask');
    expect(decide(allow, says({ effect: 'hide' })).effect).toBe('hide');
    expect(decide([{ effect: 'deny' }], says({ effect: 'allow' }))).toMatchObject({
      effect: 'deny',
      rule: 'r0',
    });
    expect(decide([{ effect: 'ask' }], says({ effect: 'allow' }))).toMatchObject({
      effect: 'ask',
      rule: 'r0',
    });
  });

  test('are not asked when the rules say no', () => {
    let calls = 0;
    const counting = says(() => {
      calls++;
      return { effect: 'allow' };
    });
    decide([{ effect: 'deny' }], counting);
    decide([{ effect: 'hide' }], counting);
    expect(calls).toBe(0);
  });

  test('add what they ask for to what the rules ask for', () => {
    const rules: RuleDraft[] = [{ effect: 'limit', limits: [limit] }];
    const asks = says({
      effect: 'ask',
      obligations: { limits: [{ ...limit, id: 'e' }], approvals: [{ rule: 'risk' }] },
    });
    expect(decide(rules, asks).obligations).toEqual({
      limits: [limit, { ...limit, id: 'e' }],
      approvals: [{ rule: 'risk' }],
    });
    expect(
      decide(rules, says({ effect: 'deny', obligations: { limits: [limit] } })).obligations,
    ).toBeUndefined();
  });

  test('leave their answers and findings with the decision', () => {
    const { evaluations } = decide(
      allow,
      says({ effect: 'allow', findings: { score: 5 } }),
      says({ effect: 'abstain' }, { name: 'other', shadow: true }),
    );
    expect(evaluations).toEqual([
      { evaluator: 'judge', effect: 'allow', findings: { score: 5 } },
      { evaluator: 'other', effect: 'abstain', shadow: true },
    ]);
  });
});

describe('an evaluator on trial', () => {
  test('changes nothing and is told with what it would have changed', () => {
    expect(decide(allow, says({ effect: 'deny' }, { shadow: true }))).toMatchObject({
      effect: 'allow',
      shadow: { effect: 'deny', verdicts: [{ by: 'judge', effect: 'deny' }] },
    });
    expect(decide(allow, says({ effect: 'abstain' }, { shadow: true })).shadow).toBeUndefined();
    const both: RuleDraft[] = [...allow, { effect: 'ask', shadow: true }];
    expect(decide(both, says({ effect: 'deny' })).shadow).toEqual({
      effect: 'deny',
      verdicts: [{ by: 'r1', effect: 'ask' }],
    });
    const broken = says(
      () => {
        throw new Error('down');
      },
      { shadow: true },
    );
    expect(decide(allow, broken)).toMatchObject({
      effect: 'allow',
      shadow: { effect: 'deny', verdicts: [{ by: 'judge', effect: 'fault' }] },
    });
  });
});

describe('an evaluator that fails', () => {
  const failing: [string, () => Verdict | Promise<Verdict>, string][] = [
    [
      'throws',
      () => {
        throw new Error('the service is down');
      },
      'the service is down',
    ],
    ['rejects', () => Promise.reject(new Error('the service is down')), 'the service is down'],
    [
      'throws what is no error',
      () => {
        throw 'x' as unknown;
      },
      'failed',
    ],
    ['answers nonsense', () => ({ effect: 'yes' }) as never, 'no verdict'],
    ['answers nothing', () => undefined as never, 'no verdict'],
    ['answers with a foreign effect', () => ({ effect: 'constructor' }) as never, 'no verdict'],
    ['answers with a reason that is no text', () => ({ effect: 'allow', reason: {} }) as never, 'no verdict'],
    [
      'answers with obligations that are none',
      () => ({ effect: 'allow', obligations: {} }) as never,
      'no verdict',
    ],
    ['resolves with nonsense', () => Promise.resolve('allow' as never), 'no verdict'],
  ];

  test.each(failing)('as it %s denies, and is recorded as a fault', async (_how, evaluate, detail) => {
    const decision = await panel(allow, says(evaluate)).decide(asked(tool));
    expect(decision).toMatchObject({
      effect: 'deny',
      evaluator: 'judge',
      evaluations: [{ evaluator: 'judge', effect: 'fault' }],
    });
    expect(decision.detail).toContain(detail);
    expect(decision.reason).not.toContain('service');
  });

  test('denies when it is too slow, and is told that nobody waits any more', async () => {
    const clock = new ManualClock();
    let aborted = false;
    const slow: AttachedEvaluator = {
      evaluator: {
        name: 'slow',
        evaluate: (_question, signal) =>
          new Promise((resolve) => {
            signal.addEventListener('abort', () => {
              aborted = true;
              resolve({ effect: 'allow' });
            });
          }),
      },
      timeoutMs: 200,
    };
    const answer = new EvaluatorPanel(policyOf(...allow), [slow], clock).decide(asked(tool));
    await clock.advance(199);
    expect(aborted).toBe(false);
    await clock.advance(1);
    expect(await answer).toMatchObject({
      effect: 'deny',
      detail: 'evaluator "slow" did not answer within 200 ms',
    });
    expect(aborted).toBe(true);
  });
});

describe('for a list', () => {
  test('evaluators that cannot say let any target be shown, and those that can are heard', () => {
    const shown = (rules: RuleDraft[], ...evaluators: AttachedEvaluator[]) =>
      panel(rules, ...evaluators).decide(listed(tool));
    expect(shown([], says({ effect: 'deny' }))).toMatchObject({ effect: 'allow' });
    expect(shown([], says({ effect: 'allow' }, { list: () => ({ effect: 'deny' }) }))).toMatchObject({
      effect: 'deny',
    });
    expect(shown(allow, says({ effect: 'allow' }, { list: () => ({ effect: 'hide' }) }))).toMatchObject({
      effect: 'hide',
    });
    expect(shown([{ effect: 'deny' }], says({ effect: 'allow' }))).toMatchObject({ effect: 'deny' });
  });
});

describe('the combination of evaluators', () => {
  const verdict = fc.record({
    effect: fc.constantFrom(
      'allow' as const,
      'ask' as const,
      'deny' as const,
      'hide' as const,
      'abstain' as const,
    ),
  });
  const rule = fc.record({
    effect: fc.constantFrom('allow' as const, 'ask' as const, 'deny' as const, 'hide' as const),
  });

  test('does not depend on their order, and no further one loosens it', () => {
    const strength = { allow: 1, ask: 2, deny: 3, hide: 4 };
    fc.assert(
      fc.property(
        fc.array(rule, { maxLength: 3 }),
        fc.array(verdict, { minLength: 1, maxLength: 4 }),
        verdict,
        (rules, verdicts, added) => {
          const policy = compilePolicy(specOf(...rules));
          const effectOf = (list: readonly Verdict[]) => {
            const decision = new EvaluatorPanel(
              policy,
              list.map((one) => says(one)),
              new ManualClock(),
            ).decide(asked(tool));
            return decision instanceof Promise ? 'deny' : decision.effect;
          };
          expect(effectOf(verdicts.toReversed())).toBe(effectOf(verdicts));
          const before = effectOf(verdicts);
          const after = effectOf([...verdicts, added]);
          const spoke = rules.length > 0 || verdicts.some(({ effect }) => effect !== 'abstain');
          if (spoke) expect(strength[after]).toBeGreaterThanOrEqual(strength[before]);
        },
      ),
    );
  });
});

describe('the panel', () => {
  const attached = says({ effect: 'allow' }, { name: 'a', revision: 'sha256:one' });

  test('has a revision of rules and evaluators together, and that of the rules where there are only these', () => {
    const alone = panel(allow);
    expect(alone.revision).toBe(policyOf(...allow).revision);
    expect(alone.isAlone).toBe(true);
    const revisions = [
      alone,
      panel(allow, attached),
      panel(allow, { ...attached, revision: 'sha256:two' }),
      panel(allow, { ...attached, shadow: true }),
      panel(allow, { ...attached, onFault: 'abstain' }),
      panel([{ effect: 'ask' }], attached),
    ].map(({ revision }) => revision);
    expect(new Set(revisions).size).toBe(revisions.length);
  });

  test('puts its revision on every decision', () => {
    for (const rules of [allow, [{ effect: 'deny' as const }], []]) {
      const { revision } = panel(rules, attached);
      expect(decide(rules, attached).revision).toBe(revision);
    }
  });

  test('takes a fault for no answer where that was chosen, and says so', () => {
    const broken = says(
      () => {
        throw new Error('down');
      },
      { onFault: 'abstain' },
    );
    expect(decide(allow, broken)).toMatchObject({
      effect: 'allow',
      evaluations: [{ evaluator: 'judge', effect: 'fault', detail: 'down' }],
    });
    expect(decide([], broken)).toMatchObject({ effect: 'deny' });
  });

  test('holds a late decision against what the rules say by then', async () => {
    const busy: RuleDraft[] = [
      { effect: 'allow' },
      { effect: 'deny', when: "history.calls('pay') > 0", reason: 'Once.' },
    ];
    const late = says(() => Promise.resolve({ effect: 'allow' }));
    const before = { count: () => 0, last: () => undefined, gave: () => false };
    const one = panel(busy, late);
    const decision = await one.decide(asked(tool, {}, { history: before }));
    expect(decision.effect).toBe('allow');
    const again = (calls: number) =>
      one.decideAgain(asked(tool, {}, { history: { ...before, count: () => calls } }), decision);
    expect(again(0)).toBe(decision);
    expect(again(1)).toMatchObject({ effect: 'deny', rule: 'r1', revision: one.revision });
  });

  test('denies by default what a rule allowed and no rule allows any more when an evaluator has no opinion', async () => {
    const once: RuleDraft[] = [{ effect: 'allow', when: "history.calls('pay') == 0" }];
    const silent = says(() => Promise.resolve({ effect: 'abstain' }));
    const before = { count: () => 0, last: () => undefined, gave: () => false };
    const one = panel(once, silent);
    const decision = await one.decide(asked(tool, {}, { history: before }));
    expect(decision.effect).toBe('allow');
    const later = asked(tool, {}, { history: { ...before, count: () => 1 } });
    expect(one.decideAgain(later, decision)).toMatchObject({ effect: 'deny' });
  });

  test('denies where an evaluator answers at once but after its time', () => {
    let now = 0;
    const slow = says(() => {
      now += 200;
      return { effect: 'allow' };
    });
    const clock = { now: () => now, after: () => () => undefined };
    const decided = new EvaluatorPanel(policyOf(...allow), [slow], clock).decide(asked(tool));
    expect(decided).toMatchObject({ effect: 'deny', evaluations: [{ effect: 'fault' }] });
  });

  test('explains the rules and what the evaluators say', async () => {
    const denies = says({ effect: 'deny', reason: 'No.', detail: 'score 90' });
    expect(await panel(allow, denies).explain(asked(tool))).toMatchObject({
      decision: { effect: 'deny', evaluator: 'judge', evaluations: [{ detail: 'score 90' }] },
      rules: [{ id: 'r0', matched: true }],
      wouldAllow: ['Evaluator "judge" would have to allow it.'],
    });
    expect(await panel(allow, attached).explain(asked(tool))).not.toHaveProperty('wouldAllow');
  });
});
