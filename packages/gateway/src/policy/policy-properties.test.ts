import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Question } from '../model/decision.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { Tool } from '../model/tool.js';
import { compilePolicy } from './policy.js';
import type { PolicySpec, RuleSpec } from './rule.js';

const readSchema = { type: 'object', properties: { path: { type: 'string' }, limit: { type: 'integer' } } };

function toolOf(exposedName: string, more: Partial<Tool> = {}): Tool {
  return {
    kind: 'tool',
    exposedName,
    upstream: 'fs',
    name: exposedName,
    definition: { text: '{}', value: {} },
    inputSchema: readSchema,
    annotations: {},
    digest: 'sha256:x',
    ...more,
  };
}

const readFile = toolOf('read_file');

function asked(tool: Tool, args: JsonValue = {}, by = 'agent-a'): Question {
  const principal = { id: by, credential: 'none', tenant: 't', roles: ['agent' as const], labels: {} };
  return { action: 'call', method: 'tools/call', principal, target: tool, args, at: 0, callId: 'c1' };
}

function listed(tool: Tool, by = 'agent-a'): Question {
  const { args: _none, ...question } = asked(tool, {}, by);
  return { ...question, action: 'list', method: 'tools/list' };
}

function policyOf(...rules: (Partial<RuleSpec> & Pick<RuleSpec, 'effect'>)[]) {
  return compilePolicy(specOf(...rules));
}

function specOf(...rules: (Partial<RuleSpec> & Pick<RuleSpec, 'effect'>)[]): PolicySpec {
  return { default: 'deny', rules: rules.map((rule, index) => ({ id: `r${index}`, match: {}, ...rule })) };
}

const conditions = [
  undefined,
  'args.limit > 3',
  'has(args.path) && args.path.startsWith("/srv")',
  'args.path.matches("/srv/.*")',
  'principal.id == "agent-a"',
  'tool.readOnly',
  'args.pth == 1',
  'args.path == ["x"][0]',
];

const ruleArbitrary = fc.record({
  effect: fc.constantFrom('allow' as const, 'deny' as const, 'hide' as const),
  tools: fc.constantFrom(undefined, ['read_file'], ['read_*', 'x'], ['fs:*'], ['write_file']),
  principals: fc.constantFrom(undefined, ['agent-a'], ['bob']),
  when: fc.constantFrom(...conditions),
});

const rulesArbitrary = fc.array(ruleArbitrary, { maxLength: 5 }).map((rules) =>
  rules.map(
    ({ effect, tools, principals, when }, index): RuleSpec => ({
      id: `r${index}`,
      match: { ...(tools && { tools }), ...(principals && { principals }) },
      effect,
      ...(when !== undefined && { when }),
    }),
  ),
);

const argsArbitrary: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.record(
    { path: fc.constantFrom('/srv/a', '/etc'), limit: fc.constantFrom<JsonValue>(1, 5, '5') },
    { requiredKeys: [] },
  ),
  fc.jsonValue() as fc.Arbitrary<JsonObject>,
);

describe('the combination of rules', () => {
  test('does not depend on their order', () => {
    fc.assert(
      fc.property(
        rulesArbitrary,
        argsArbitrary,
        fc.constantFrom('allow' as const, 'deny' as const),
        (rules, args, fallback) => {
          const question = asked(readFile, args);
          const forwards = compilePolicy({ default: fallback, rules });
          const backwards = compilePolicy({ default: fallback, rules: rules.toReversed() });
          expect(backwards.decide(question)).toEqual(forwards.decide(question));
        },
      ),
      { numRuns: 120 },
    );
  });

  test('never turns a no into a yes when a deny or hide rule is added', () => {
    fc.assert(
      fc.property(rulesArbitrary, ruleArbitrary, argsArbitrary, (rules, added, args) => {
        const { effect, when } = added;
        const extra: RuleSpec = {
          id: 'added',
          match: {},
          effect: effect === 'allow' ? 'deny' : effect,
          ...(when && { when }),
        };
        const question = asked(readFile, args);
        fc.pre(compilePolicy({ default: 'deny', rules }).decide(question).effect !== 'allow');
        expect(compilePolicy({ default: 'deny', rules: [...rules, extra] }).decide(question).effect).not.toBe(
          'allow',
        );
      }),
      { numRuns: 120 },
    );
  });

  test('answers for any arguments and never throws', () => {
    const schema = {
      type: 'object',
      properties: { path: { type: 'string' }, limit: { type: 'integer' } },
      additionalProperties: true,
    };
    const tools = [
      readFile,
      toolOf('read_file', { inputSchema: schema }),
      toolOf('read_file', { inputSchema: {} }),
    ];
    const when =
      'args.limit > 3 && args.list.all(x, x == args.path) || args.a.b[args.limit] == "x" && size(args) < 3';
    const open = policyOf({ effect: 'allow', when });
    fc.assert(
      fc.property(fc.jsonValue(), rulesArbitrary, fc.constantFrom(...tools), (args, rules, tool) => {
        const question = asked(tool, args as JsonValue);
        for (const policy of [open, compilePolicy({ default: 'deny', rules })]) {
          expect(['allow', 'deny', 'hide']).toContain(policy.decide(question).effect);
          expect(policy.explain(question).decision).toEqual(policy.decide(question));
        }
      }),
      { numRuns: 120 },
    );
  });

  test('never hides from a list what a call would be allowed', () => {
    fc.assert(
      fc.property(rulesArbitrary, argsArbitrary, (rules, args) => {
        const policy = compilePolicy({ default: 'allow', rules });
        const called = policy.decide(asked(readFile, args)).effect;
        if (called === 'allow') expect(policy.decide(listed(readFile)).effect).toBe('allow');
      }),
      { numRuns: 120 },
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
        const tool = toolOf('read_file', { inputSchema: inputSchema as JsonObject });
        const policy = compilePolicy(rules);
        expect(['allow', 'deny']).toContain(policy.decide(asked(tool, args)).effect);
        expect(policy.check([tool], [{ id: 'fs', up: true }])).toBeInstanceOf(Array);
      }),
      { numRuns: 200 },
    );
  });
});
