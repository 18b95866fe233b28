import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Question } from '../model/decision.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { Limit } from '../model/obligation.js';
import type { Target } from '../model/target.js';
import { Histories } from './histories.js';
import { compilePolicy } from './policy.js';
import {
  asked,
  callerOf,
  listed,
  policyOf,
  promptOf,
  resourceOf,
  specOf,
  templateOf,
  toolOf,
} from './policy-fixture.js';
import type { RuleSpec } from './rule.js';

const readSchema = { path: { type: 'string' }, limit: { type: 'integer' } };
const readFile = toolOf('read_file', readSchema);
const effects = ['allow', 'ask', 'deny', 'hide'];
const limit: Limit = { kind: 'rate', id: 'l', per: [], max: 1, windowMs: 1_000, algorithm: 'sliding' };

const conditions = [
  undefined,
  'args.limit > 3',
  'has(args.path) && args.path.startsWith("/srv")',
  'args.path.matches("/srv/.*")',
  'args.path.within("/srv")',
  'principal.id == "agent-a"',
  'tool.readOnly',
  'target.kind == "tool"',
  'history.calls("read_*") > 0',
  'now.during("sat 00:00-12:00 Europe/Berlin")',
  'args.pth == 1',
  'args.path == ["x"][0]',
];

const matchArbitrary = fc.record(
  {
    tools: fc.constantFrom(['read_file'], ['read_*', 'x'], ['fs:*'], ['/.*/'], ['write_file']),
    prompts: fc.constantFrom(['greet'], ['*']),
    resources: fc.constantFrom(['file:///srv/*'], ['*'], ['file:///etc/*']),
    principals: fc.constantFrom(['agent-a'], ['bob']),
    roles: fc.constantFrom(['agent' as const], ['admin' as const]),
    methods: fc.constantFrom(['tools/call', 'prompts/get', 'resources/*', 'sampling/*'], ['*']),
  },
  { requiredKeys: [] },
);

const ruleArbitrary = fc.record({
  effect: fc.constantFrom('allow' as const, 'ask' as const, 'deny' as const, 'hide' as const),
  match: fc.oneof(fc.constant({}), matchArbitrary),
  when: fc.constantFrom(...conditions),
  during: fc.constantFrom(undefined, undefined, ['sat'], ['thu 00:00-12:00']),
  shadow: fc.constantFrom(false, false, true),
});

type RuleParts = typeof ruleArbitrary extends fc.Arbitrary<infer Parts> ? Parts : never;

function ruleOf({ effect, match, when, during, shadow }: RuleParts, id: string): RuleSpec {
  return { id, match, effect, ...(when && { when }), ...(during && { during }), ...(shadow && { shadow }) };
}

const rulesArbitrary = fc
  .array(ruleArbitrary, { maxLength: 5 })
  .map((rules) => rules.map((rule, index) => ruleOf(rule, `r${index}`)));

const argsArbitrary: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.record(
    {
      path: fc.constantFrom('/srv/a', '/etc', '/srv/%2e%2e/x'),
      limit: fc.constantFrom<JsonValue>(1, 5, '5'),
    },
    { requiredKeys: [] },
  ),
  fc.jsonValue() as fc.Arbitrary<JsonObject>,
);

const targetArbitrary = fc.constantFrom<Target>(
  readFile,
  readFile,
  toolOf('read_file', {}, { inputSchema: {} }),
  promptOf('greet', ['path']),
  resourceOf('file:///srv/a'),
  resourceOf('file:///srv/../etc/x'),
  templateOf('file:///{path}'),
);

const histories = new Histories();
histories.began(callerOf(), readFile, 0);

/** Calls and questions of upstreams about targets of every kind. */
const questionArbitrary: fc.Arbitrary<Question> = fc
  .record({ target: targetArbitrary, args: argsArbitrary, asks: fc.constantFrom(false, false, true) })
  .map(({ target, args, asks }) =>
    asked(target, args, {
      history: histories.of(callerOf()),
      ...(asks && { method: 'sampling/createMessage' }),
    }),
  );

const defaults = fc.constantFrom('allow' as const, 'deny' as const);
const passes = (effect: string) => effect === 'allow' || effect === 'ask';

describe('the combination of rules', () => {
  test('does not depend on their order', () => {
    fc.assert(
      fc.property(rulesArbitrary, questionArbitrary, defaults, (rules, question, fallback) => {
        const forwards = compilePolicy({ default: fallback, rules });
        const backwards = compilePolicy({ default: fallback, rules: rules.toReversed() });
        expect(backwards.decide(question)).toEqual(forwards.decide(question));
      }),
      { numRuns: 100 },
    );
  });

  test('never loosens when a rule is added that denies, hides, asks or limits', () => {
    const strength: Record<string, number> = { allow: 1, ask: 2, deny: 3, hide: 3 };
    fc.assert(
      fc.property(
        rulesArbitrary,
        ruleArbitrary,
        questionArbitrary,
        defaults,
        (rules, added, question, fallback) => {
          const before = compilePolicy({ default: fallback, rules }).decide(question).effect;
          const restricting = {
            ...ruleOf({ ...added, shadow: false }, 'added'),
            effect: added.effect === 'hide' ? ('hide' as const) : ('deny' as const),
          };
          const after = compilePolicy({ default: fallback, rules: [...rules, restricting] }).decide(
            question,
          ).effect;
          expect(strength[after]).toBeGreaterThanOrEqual(strength[before] ?? 0);
          const asking = { ...restricting, effect: 'ask' as const };
          const asksAfter = compilePolicy({ default: fallback, rules: [...rules, asking] }).decide(
            question,
          ).effect;
          if (asksAfter === 'allow') expect(before).toBe('allow');
          const limiting = { ...restricting, effect: 'limit' as const, limits: [limit] };
          const limited = compilePolicy({ default: fallback, rules: [...rules, limiting] }).decide(
            question,
          ).effect;
          expect(strength[limited]).toBeGreaterThanOrEqual(strength[before] ?? 0);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('is not changed by rules on trial, which are told apart', () => {
    fc.assert(
      fc.property(rulesArbitrary, questionArbitrary, defaults, (rules, question, fallback) => {
        const enforced = rules.filter(({ shadow }) => shadow !== true);
        const {
          shadow,
          revision: _r,
          ...decision
        } = compilePolicy({ default: fallback, rules }).decide(question);
        const { revision: _s, ...without } = compilePolicy({ default: fallback, rules: enforced }).decide(
          question,
        );
        expect(decision).toEqual(without);
        if (shadow === undefined) return;
        const inForce = rules.map(({ shadow: _trial, ...rule }) => rule);
        expect(shadow.effect).toBe(
          compilePolicy({ default: fallback, rules: inForce }).decide(question).effect,
        );
      }),
      { numRuns: 80 },
    );
  });

  test('answers any question and explains its answer, and never throws', () => {
    const schema = { type: 'object', properties: readSchema, additionalProperties: true };
    const open = toolOf('read_file', {}, { inputSchema: schema });
    const when =
      'args.limit > 3 && args.list.all(x, x == args.path) || args.a.b[args.limit] == "x" && size(args) < 3';
    const odd = policyOf({ effect: 'allow', when });
    fc.assert(
      fc.property(fc.jsonValue(), rulesArbitrary, questionArbitrary, (args, rules, question) => {
        const policy = compilePolicy({ default: 'deny', rules });
        for (const [judge, about] of [
          [odd, asked(open, args as JsonValue)],
          [policy, question],
        ] as const) {
          expect(effects).toContain(judge.decide(about).effect);
          expect(judge.explain(about).decision).toEqual(judge.decide(about));
        }
      }),
      { numRuns: 100 },
    );
  });

  test('never hides from a list what a call would be allowed', () => {
    fc.assert(
      fc.property(rulesArbitrary, questionArbitrary, defaults, (rules, question, fallback) => {
        fc.pre(question.method !== 'sampling/createMessage');
        const policy = compilePolicy({ default: fallback, rules });
        const isListed = passes(policy.decide(listed(question.target)).effect);
        if (question.target.kind === 'template') {
          const read = resourceOf('file:///srv/a');
          if (passes(policy.decide(asked(read, {}, { history: histories.of(callerOf()) })).effect))
            expect(isListed).toBe(true);
        } else if (passes(policy.decide(question).effect)) expect(isListed).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a tool whose schema is hostile or nonsense', () => {
  test('is decided on all the same', () => {
    const rules = specOf(
      { effect: 'allow', when: 'args.a.b == 1 || has(args.properties)' },
      { effect: 'deny', when: 'args.a in ["x"]' },
    );
    const keyword = fc.constantFrom(
      'type',
      'properties',
      'items',
      'enum',
      'const',
      '$ref',
      '$defs',
      'anyOf',
      'a',
      'b',
    );
    const word = fc.constantFrom(
      'object',
      'array',
      'string',
      'integer',
      'number',
      'null',
      '#/$defs/a',
      '#',
      '#/a/b',
    );
    const { schema } = fc.letrec((tie) => ({
      schema: fc.oneof(
        { maxDepth: 6 },
        word,
        fc.boolean(),
        fc.array(tie('schema'), { maxLength: 3 }),
        fc.dictionary(keyword, tie('schema'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(keyword, schema), argsArbitrary, (inputSchema, args) => {
        const tool = toolOf('read_file', {}, { inputSchema: inputSchema as JsonObject });
        const policy = compilePolicy(rules);
        expect(['allow', 'deny']).toContain(policy.decide(asked(tool, args)).effect);
        expect(policy.check({ tools: [tool] }, [{ id: 'fs', up: true }])).toBeInstanceOf(Array);
      }),
      { numRuns: 200 },
    );
  });
});
