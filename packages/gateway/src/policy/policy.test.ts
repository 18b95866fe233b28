import { describe, expect, test } from 'vitest';
import type { Question } from '../model/decision.js';
import type { JsonValue } from '../model/json.js';
import type { Tool } from '../model/tool.js';
import { compilePolicy } from './policy.js';
import { PolicyFaults } from './policy-problem.js';
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
const writeFile = toolOf('write_file');

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

function faultsOf(spec: PolicySpec): string[] {
  try {
    compilePolicy(spec);
    return [];
  } catch (error) {
    if (error instanceof PolicyFaults) return error.problems.map(({ message }) => message);
    throw error;
  }
}

describe('deciding', () => {
  test('denies by default and allows by default only when told to', () => {
    const decision = policyOf().decide(asked(readFile));
    expect(decision).toMatchObject({ effect: 'deny', reason: 'No rule allows agent-a to call read_file.' });
    expect(decision.rule).toBeUndefined();
    expect(compilePolicy({ default: 'allow', rules: [] }).decide(asked(readFile)).effect).toBe('allow');
  });

  test('lets deny beat allow, and hide beat deny', () => {
    const rules = [
      { effect: 'allow' as const },
      { effect: 'deny' as const, reason: 'Ask Ann.' },
      { effect: 'hide' as const },
    ];
    expect(policyOf(...rules.slice(0, 1)).decide(asked(readFile))).toMatchObject({
      effect: 'allow',
      rule: 'r0',
    });
    expect(policyOf(...rules.slice(0, 2)).decide(asked(readFile))).toMatchObject({
      effect: 'deny',
      rule: 'r1',
      reason: 'Denied by rule "r1": Ask Ann.',
    });
    expect(policyOf(...rules).decide(asked(readFile))).toMatchObject({ effect: 'hide', rule: 'r2' });
  });

  test('matches by exposed name, and by upstream and own name', () => {
    const prefixed = toolOf('fs__read_file', { name: 'read_file' });
    for (const name of ['fs__read_file', 'fs:read_file', '*__read_*', 'fs:*']) {
      expect(
        policyOf({ effect: 'allow', match: { tools: ['other', name] } }).decide(asked(prefixed)).effect,
      ).toBe('allow');
    }
    expect(
      policyOf({ effect: 'allow', match: { tools: ['read_file'] } }).decide(asked(prefixed)).effect,
    ).toBe('deny');
  });

  test('matches only where every list that is present matches', () => {
    const match = { tools: ['read_*'], upstreams: ['fs'], principals: ['agent-*'], methods: ['tools/call'] };
    const policy = policyOf({ effect: 'allow', match });
    expect(policy.decide(asked(readFile)).effect).toBe('allow');
    expect(policy.decide(asked(writeFile)).effect).toBe('deny');
    expect(policy.decide(asked(readFile, {}, 'bob')).effect).toBe('deny');
    expect(policy.decide(asked(toolOf('read_file', { upstream: 'db' }))).effect).toBe('deny');
    expect(policy.decide({ ...asked(readFile), method: 'prompts/get' }).effect).toBe('deny');
  });

  test('denies when the condition of any rule fails, an allow rule included, and keeps the cause from the caller', () => {
    for (const effect of ['allow', 'deny', 'hide'] as const) {
      const policy = policyOf({ effect: 'allow' }, { effect, when: 'args.limit > 3' });
      const decision = policy.decide(asked(readFile));
      expect(decision).toMatchObject({ effect: 'deny', rule: 'r1' });
      expect(decision.reason).toBe('Rule "r1" could not be evaluated for this call, so the call is denied.');
      expect(decision.detail).toContain('args.limit: is absent');
    }
  });

  test('denies with a rule whose condition does not fit the schema of a tool that came later', () => {
    const policy = policyOf({ effect: 'allow' }, { effect: 'deny', when: 'args.pth == "/etc"' });
    const decision = policy.decide(asked(readFile, { path: '/etc' }));
    expect(decision).toMatchObject({ effect: 'deny', rule: 'r1' });
    expect(decision.detail).toContain('"pth" is not a member of args');
  });
});

describe('deciding for a list', () => {
  test('shows what some call could be allowed, and not what none could', () => {
    const shown = (...rules: Parameters<typeof policyOf>) =>
      policyOf(...rules).decide(listed(readFile)).effect;
    expect(shown()).toBe('deny');
    expect(shown({ effect: 'allow' })).toBe('allow');
    expect(shown({ effect: 'allow', when: 'args.limit > 3' })).toBe('allow');
    expect(shown({ effect: 'allow' }, { effect: 'deny' })).toBe('deny');
    expect(shown({ effect: 'allow' }, { effect: 'deny', when: 'args.limit > 3' })).toBe('allow');
    expect(shown({ effect: 'allow' }, { effect: 'hide' })).toBe('hide');
    expect(shown({ effect: 'allow' }, { effect: 'hide', when: 'args.limit > 3' })).toBe('allow');
    expect(shown({ effect: 'allow', match: { methods: ['tools/call'] } })).toBe('allow');
    expect(shown({ effect: 'allow', when: 'now.getHours() == 3' })).toBe('allow');
  });

  test('decides conditions that only look at the caller and the tool', () => {
    const shown = (when: string) => policyOf({ effect: 'allow', when }).decide(listed(readFile)).effect;
    expect(shown('"agent" in principal.roles')).toBe('allow');
    expect(shown('"admin" in principal.roles')).toBe('deny');
    expect(shown('tool.readOnly')).toBe('deny');
    expect(shown('principal.labels.team == "red"')).toBe('deny');
  });
});

describe('compiling', () => {
  test('reports every problem of every rule at once, with its place', () => {
    const origin = { file: 'sallyport.yaml', line: 12 };
    const faults = faultsOf(
      specOf(
        { id: 'a', effect: 'allow', when: 'args.x ==\n  && true', origin },
        { id: 'a', effect: 'deny', match: { tools: ['[x]'], principals: [] } },
        { id: 'b', effect: 'deny', when: 'args.p.matches("(")' },
        { id: 'c', effect: 'deny', match: { methods: ['tools/cal'] } },
      ),
    );
    expect(faults).toHaveLength(6);
    expect(faults[0]).toContain('rule "a" (sallyport.yaml:12), condition line 2, column 3: is not CEL');
    expect(faults[1]).toContain('has the id of rule "a" (sallyport.yaml:12)');
    expect(faults[2]).toContain('match.tools[0] "[x]" contains "["');
    expect(faults[3]).toContain('match.principals is empty');
    expect(faults[4]).toContain('line 1, column 16: the pattern of "matches"');
    expect(faults[5]).toContain('did you mean "tools/call"?');
  });

  test('gives the same rules the same revision, whatever their order, file and reasons', () => {
    const rules: RuleSpec[] = [
      { id: 'a', match: { tools: ['x', 'y'] }, effect: 'allow', when: 'true' },
      { id: 'b', match: {}, effect: 'deny' },
    ];
    const revision = compilePolicy({ default: 'deny', rules }).revision;
    expect(revision).toMatch(/^sha256:[\w-]{43}$/);
    const same = [
      { ...rules[1], reason: 'why', origin: { file: 'f' } } as RuleSpec,
      { ...rules[0], match: { tools: ['y', 'x'] } } as RuleSpec,
    ];
    expect(compilePolicy({ default: 'deny', rules: same }).revision).toBe(revision);
    expect(compilePolicy({ default: 'allow', rules }).revision).not.toBe(revision);
    expect(compilePolicy({ default: 'deny', rules: rules.slice(1) }).revision).not.toBe(revision);
    expect(compilePolicy({ default: 'deny', rules }).decide(asked(readFile)).revision).toBe(revision);
  });
});

describe('a rule that restricts', () => {
  const prefixed = toolOf('fs__delete_file', { upstream: 'fs', name: 'delete_file' });

  test.each(['deny', 'hide'] as const)(
    'still means a tool whose exposed name got a prefix (%s)',
    (effect) => {
      const policy = compilePolicy({
        default: 'deny',
        rules: [
          { id: 'all', match: { upstreams: ['fs'] }, effect: 'allow' },
          { id: 'ban', match: { tools: ['delete_file'] }, effect },
        ],
      });
      expect(decideFor(policy, prefixed)).toBe(effect);
    },
  );

  test('while one that allows a plain name does not mean it', () => {
    const policy = compilePolicy({
      default: 'deny',
      rules: [{ id: 'one', match: { tools: ['delete_file'] }, effect: 'allow' }],
    });
    expect(decideFor(policy, prefixed)).toBe('deny');
  });

  test('with wildcards alone is no problem while no tool matches it', () => {
    const guards = { match: { tools: ['*delete*'] } };
    const deny = compilePolicy({ default: 'deny', rules: [{ id: 'ban', ...guards, effect: 'deny' }] });
    const allow = compilePolicy({ default: 'deny', rules: [{ id: 'open', ...guards, effect: 'allow' }] });
    expect(deny.check({ tools: [readFile] }, [{ id: readFile.upstream, up: true }])).toEqual([]);
    expect(allow.check({ tools: [readFile] }, [{ id: readFile.upstream, up: true }])).toHaveLength(1);
  });
});

function decideFor(policy: ReturnType<typeof compilePolicy>, tool: Tool): string {
  const principal = { id: 'a', credential: 'none', tenant: 'default', roles: ['agent' as const], labels: {} };
  return policy.decide({
    action: 'call',
    method: 'tools/call',
    principal,
    target: tool,
    args: {},
    at: 0,
    callId: 'c',
  }).effect;
}
