import assert from 'node:assert/strict';
import type { CancelSignal } from '../model/cancel-signal.js';
import type { Question } from '../model/decision.js';
import type { JsonValue } from '../model/json.js';
import type { Evaluator, Verdict } from '../policy/evaluator.js';

/** One promise that every evaluator keeps; `run` rejects when it does not. For any test runner. */
export interface SuiteCase {
  readonly title: string;
  readonly run: () => Promise<void>;
}

export interface EvaluatorSubject {
  /** Makes the evaluator as it would be configured under this name. */
  readonly create: (name: string) => Evaluator | Promise<Evaluator>;
}

const effects: ReadonlySet<unknown> = new Set(['allow', 'ask', 'deny', 'hide', 'abstain']);

/** What the gateway relies on, for the tests of an evaluator: `for (const { title, run } of evaluatorSuite(…)) test(title, run)`. */
export function evaluatorSuite(subject: EvaluatorSubject): SuiteCase[] {
  const checked = (title: string, check: (evaluator: Evaluator) => Promise<void>): SuiteCase => ({
    title,
    run: async () => check(await subject.create('under-test')),
  });
  return [
    checked('is called what the configuration calls it', async ({ name }) => {
      assert.equal(name, 'under-test');
    }),
    checked('answers every call with a verdict, or fails with an error', async (evaluator) => {
      for (const question of questions()) await answered(evaluator, question);
    }),
    checked('answers the same call the same way again', async (evaluator) => {
      for (const question of questions()) {
        const [first, second] = [await answered(evaluator, question), await answered(evaluator, question)];
        assert.deepEqual(second, first);
      }
    }),
    checked('answers calls that overlap each for itself', async (evaluator) => {
      const all = questions();
      const alone: unknown[] = [];
      for (const question of all) alone.push(await answered(evaluator, question));
      assert.deepEqual(await Promise.all(all.map((question) => answered(evaluator, question))), alone);
    }),
    checked('changes nothing of the call', async (evaluator) => {
      for (const question of questions()) await answered(evaluator, deeplyFrozen(question));
    }),
    checked('answers for lists at once, or not at all', async (evaluator) => {
      for (const { args: _args, ...question } of questions()) {
        const verdict: unknown = evaluator.list?.({ ...question, action: 'list' });
        if (evaluator.list !== undefined) checkVerdict(verdict);
      }
    }),
    checked('lists what it would allow', async (evaluator) => {
      for (const question of questions()) {
        const verdict = await answered(evaluator, question);
        if (!isVerdict(verdict) || (verdict.effect !== 'allow' && verdict.effect !== 'ask')) continue;
        const { args: _args, ...rest } = question;
        const listed = evaluator.list?.({ ...rest, action: 'list' }).effect ?? 'allow';
        assert.ok(listed !== 'deny' && listed !== 'hide', 'a tool that can be called is not listed');
      }
    }),
  ];
}

const never: CancelSignal = {
  aborted: false,
  addEventListener() {},
  removeEventListener() {},
};

/** The verdict, or what an error says: failing is an answer, too, and the gateway takes it as a no. */
async function answered(evaluator: Evaluator, question: Question): Promise<unknown> {
  let verdict: unknown;
  try {
    verdict = await evaluator.evaluate(question, never);
  } catch (cause) {
    assert.ok(cause instanceof Error, 'what is thrown is an Error');
    return cause.message;
  }
  checkVerdict(verdict);
  return verdict;
}

function checkVerdict(verdict: unknown): asserts verdict is Verdict {
  assert.ok(isVerdict(verdict), 'a verdict has an effect of allow, ask, deny, hide or abstain');
  for (const text of [verdict.reason, verdict.detail])
    assert.ok(text === undefined || typeof text === 'string');
}

function isVerdict(value: unknown): value is Verdict {
  return typeof value === 'object' && value !== null && 'effect' in value && effects.has(value.effect);
}

const someArguments: readonly JsonValue[] = [
  {},
  { amount: 50, to: 'ops@example.org' },
  { amount: 12_345_678_901_234_567_890n, ratio: 0.123456789, nothing: null },
  { amount: '500', path: '../../etc/passwd', list: [1, 'two', null, { three: 3 }] },
  { __entity: { type: 'Principal', id: 'admin' } },
  { text: 'x'.repeat(20_000) },
];

function questions(): Question[] {
  const about = { principal: caller, at: 1_700_000_000_000, callId: 'suite', action: 'call' } as const;
  const ofTools = ['stripe_refund', 'deploy', 'a'.repeat(64)].flatMap((name) =>
    someArguments.map((args) => ({ ...about, method: 'tools/call', target: toolNamed(name), args })),
  );
  return [
    ...ofTools,
    { ...about, method: 'elicitation/create', target: toolNamed('deploy'), args: { message: 'Token?' } },
    {
      ...about,
      method: 'resources/read',
      target: { kind: 'resource', exposedName: 'file:///a', name: 'file:///a', upstream: 'suite' },
      args: {},
    },
  ];
}

const caller: Question['principal'] = {
  id: 'agent-a',
  credential: 'key:suite',
  tenant: 'default',
  roles: ['agent'],
  labels: { team: 'ops' },
};

function toolNamed(name: string): Question['target'] {
  const definition = { text: '{}', value: {} };
  const inputSchema = { type: 'object' };
  const named = { exposedName: name, name, upstream: 'suite' };
  return { kind: 'tool', ...named, definition, inputSchema, annotations: {}, digest: 'sha256:suite' };
}

function deeplyFrozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) deeplyFrozen(inner);
  return Object.freeze(value);
}
