import { describe, expect, test } from 'vitest';
import { compilePolicy } from './policy.js';
import {
  asked,
  callerOf,
  faultsOf,
  listed,
  policyOf,
  promptOf,
  type RuleDraft,
  resourceOf,
  templateOf,
  toolOf,
} from './policy-fixture.js';

const read = toolOf('read');
const greet = promptOf('greet', ['name']);
const notes = resourceOf('file:///data/notes.txt');
const files = templateOf('file:///data/{path}');
const report = {
  kind: 'method',
  exposedName: 'com.example/run',
  upstream: 'fs',
  name: 'com.example/run',
} as const;
const all = [read, greet, notes, files, report];

const effect = (rule: RuleDraft, question: Parameters<ReturnType<typeof policyOf>['decide']>[0]) =>
  policyOf(rule).decide(question).effect;

describe('a rule without names and methods', () => {
  test('is about everything that clients call, and about nothing that upstreams ask', () => {
    for (const target of all) expect(effect({ effect: 'allow' }, asked(target)), target.kind).toBe('allow');
    for (const method of ['sampling/createMessage', 'elicitation/create', 'roots/list']) {
      expect(effect({ effect: 'allow' }, asked(read, {}, { method })), method).toBe('deny');
    }
    const open = compilePolicy({ default: 'allow', rules: [{ id: 'no', match: {}, effect: 'deny' }] });
    expect(open.decide(asked(read, {}, { method: 'roots/list' })).effect).toBe('allow');
  });
});

describe('a rule that names targets', () => {
  test('is about that kind only', () => {
    const kindsOf = (rule: RuleDraft) =>
      all.filter((target) => effect(rule, asked(target)) === 'allow').map(({ kind }) => kind);
    expect(kindsOf({ effect: 'allow', match: { tools: ['*'] } })).toEqual(['tool']);
    expect(kindsOf({ effect: 'allow', match: { prompts: ['*'] } })).toEqual(['prompt']);
    expect(kindsOf({ effect: 'allow', match: { resources: ['*'] } })).toEqual(['resource', 'template']);
    expect(kindsOf({ effect: 'allow', match: { tools: ['*'], prompts: ['gr*'] } })).toEqual([
      'tool',
      'prompt',
    ]);
    expect(kindsOf({ effect: 'allow', match: { methods: ['*/call', 'prompts/*'] } })).toEqual([
      'tool',
      'prompt',
    ]);
    expect(kindsOf({ effect: 'allow', match: { annotations: { readOnly: false } } })).toEqual(['tool']);
  });

  test('is about completions of the prompts and resources it names', () => {
    const method = 'completion/complete';
    expect(effect({ effect: 'allow', match: { prompts: ['greet'] } }, asked(greet, {}, { method }))).toBe(
      'allow',
    );
    expect(effect({ effect: 'allow', match: { tools: ['*'] } }, asked(greet, {}, { method }))).toBe('deny');
  });

  test('does not let what it names ask its client, unless it names the method', () => {
    const method = 'sampling/createMessage';
    expect(effect({ effect: 'allow', match: { tools: ['read'] } }, asked(read, {}, { method }))).toBe('deny');
    const named = { effect: 'allow' as const, match: { tools: ['read'], methods: ['sampling/*'] } };
    expect(effect(named, asked(read, {}, { method }))).toBe('allow');
    expect(effect(named, asked(toolOf('write'), {}, { method }))).toBe('deny');
    expect(effect(named, asked(read))).toBe('deny');
    expect(effect({ effect: 'allow', match: { methods: ['*'] } }, asked(read, {}, { method }))).toBe('allow');
  });

  test('judges what upstreams ask by its own params, not by the arguments of the tool', () => {
    const rule = {
      effect: 'allow' as const,
      match: { tools: ['read'], methods: ['sampling/createMessage'] },
      when: 'args.maxTokens <= 100',
    };
    const method = 'sampling/createMessage';
    expect(effect(rule, asked(read, { maxTokens: 100 }, { method }))).toBe('allow');
    expect(effect(rule, asked(read, { maxTokens: 101 }, { method }))).toBe('deny');
  });

  test('can be a regular expression', () => {
    expect(effect({ effect: 'allow', match: { tools: ['/re(ad|name)/'] } }, asked(read))).toBe('allow');
    expect(effect({ effect: 'allow', match: { tools: ['/re/'] } }, asked(read))).toBe('deny');
    expect(effect({ effect: 'allow', match: { resources: ['/file:.*\\.txt/'] } }, asked(notes))).toBe(
      'allow',
    );
  });
});

describe('a rule about callers', () => {
  const decide = (match: RuleDraft['match'], more: Parameters<typeof callerOf>[1]) =>
    effect({ effect: 'allow', ...(match && { match }) }, asked(read, {}, { principal: callerOf('a', more) }));

  test('can ask for roles and labels', () => {
    expect(decide({ roles: ['operator', 'agent'] }, {})).toBe('allow');
    expect(decide({ roles: ['admin'] }, {})).toBe('deny');
    expect(decide({ labels: { team: ['red', 'b*'] } }, { labels: { team: 'blue' } })).toBe('allow');
    expect(decide({ labels: { team: ['red'] } }, { labels: { team: 'blue' } })).toBe('deny');
    expect(decide({ labels: { team: ['*'] } }, {})).toBe('deny');
    expect(decide({ labels: { constructor: ['*'] } }, {})).toBe('deny');
    expect(decide({ labels: { team: ['*'], site: ['x'] } }, { labels: { team: 'blue', site: 'x' } })).toBe(
      'allow',
    );
  });
});

describe('a rule about annotations', () => {
  test("takes the protocol's defaults for what an upstream leaves out", () => {
    const decide = (annotations: object, match: object) =>
      effect({ effect: 'allow', match: { annotations: match } }, asked(toolOf('t', {}, { annotations })));
    expect(decide({}, { destructive: true })).toBe('allow');
    expect(decide({}, { readOnly: false, idempotent: false, openWorld: true })).toBe('allow');
    expect(decide({ readOnlyHint: true }, { readOnly: true, destructive: false })).toBe('allow');
    expect(decide({ destructiveHint: false }, { destructive: true })).toBe('deny');
  });
});

describe('resources', () => {
  test('are listed by template where some of it could be read, and stopped where all of it is', () => {
    const shown = (...rules: RuleDraft[]) => policyOf(...rules).decide(listed(files)).effect;
    const some = { effect: 'allow' as const, match: { resources: ['file:///data/public/*'] } };
    expect(shown(some)).toBe('allow');
    expect(shown(some, { effect: 'deny', match: { resources: ['file:///data/secret/*'] } })).toBe('allow');
    expect(shown(some, { effect: 'deny', match: { resources: ['file:///*'] } })).toBe('deny');
    expect(shown({ effect: 'allow', match: { resources: ['file:///etc/*'] } })).toBe('deny');
  });

  test('complete only where all of a template is allowed and nothing of it is stopped', () => {
    const completed = (...rules: RuleDraft[]) => policyOf(...rules).decide(asked(files)).effect;
    const whole = { effect: 'allow' as const, match: { resources: ['file:///data/*'] } };
    expect(completed(whole)).toBe('allow');
    expect(completed({ effect: 'allow', match: { resources: ['file:///data/public/*'] } })).toBe('deny');
    expect(completed(whole, { effect: 'deny', match: { resources: ['file:///data/secret/*'] } })).toBe(
      'deny',
    );
    expect(
      completed({ effect: 'allow' }, { effect: 'ask', match: { resources: ['file:///data/secret/*'] } }),
    ).toBe('ask');
  });

  test('that no one can read for certain are stopped by every rule about resources that restricts', () => {
    const odd = resourceOf('file:///data/%00x');
    const open = compilePolicy({
      default: 'allow',
      rules: [{ id: 'no', match: { resources: ['file:///etc/*'] }, effect: 'deny' }],
    });
    expect(open.decide(asked(odd)).effect).toBe('deny');
    expect(open.decide(asked(notes)).effect).toBe('allow');
  });
});

describe('arguments', () => {
  test('of prompts are texts under the names that the prompt declares', () => {
    const rule = { effect: 'allow' as const, match: { prompts: ['greet'] }, when: 'args.name == "Ann"' };
    expect(effect(rule, asked(greet, { name: 'Ann' }))).toBe('allow');
    expect(
      policyOf({ ...rule, when: 'args.nmae == "Ann"' }).check({ tools: [], prompts: [greet] }, [
        { id: 'fs', up: true },
      ])[0]?.message,
    ).toContain('did you mean "name"?');
    expect(
      policyOf({ ...rule, when: 'args.name == 3' }).check({ tools: [], prompts: [greet] }, [
        { id: 'fs', up: true },
      ])[0]?.message,
    ).toContain('with prompt "greet"');
  });

  test('do not exist for resources, whose URI a condition can read', () => {
    const rule = {
      effect: 'allow' as const,
      match: { resources: ['*'] },
      when: 'target.exposed.endsWith(".txt")',
    };
    expect(effect(rule, asked(notes))).toBe('allow');
    const wrong = policyOf({ ...rule, when: 'args.uri == "x"' });
    expect(wrong.decide(asked(notes)).effect).toBe('deny');
    expect(wrong.check({ tools: [], resources: [notes, resourceOf('file:///b')] }, [])).toHaveLength(1);
  });

  test('are looked for in every kind that a rule is about', () => {
    const rule = {
      effect: 'deny' as const,
      when: 'target.kind == "tool" && has(args.path) && args.path == "/etc"',
    };
    const offer = {
      tools: [toolOf('read', { path: { type: 'string' } })],
      prompts: [greet],
      resources: [notes],
      templates: [files],
    };
    expect(policyOf(rule).check(offer, [{ id: 'fs', up: true }])).toEqual([]);
  });
});

describe('compiling a match', () => {
  test.each([
    [{ tools: ['x'], methods: ['prompts/get'] }, 'names none of the methods of match.tools ("tools/call"'],
    [{ resources: ['file:///{path}'] }, 'has "{path}"; write "*" where a template has a variable'],
    [{ prompts: [] }, 'match.prompts is empty'],
    [{ labels: { team: [] } }, 'match.labels.team is empty'],
    [{ labels: { team: ['[x]'] } }, 'match.labels.team[0] "[x]" contains "["'],
    [{ roles: [] }, 'match.roles is empty'],
    [{ tools: ['/(/'] }, 'is not a regular expression RE2 takes'],
    [{ methods: ['tools/list'] }, 'did you mean "roots/list"?'],
    [{ methods: ['com.example/run'] }, 'matches no method that is governed'],
    [{ prompts: ['x'], annotations: { readOnly: true } }, 'match.annotations is about tools'],
  ])('refuses %j with a reason', (match, reason) => {
    expect(faultsOf({ effect: 'deny', match })[0]).toContain(reason);
  });

  test('knows the methods of extensions that are relayed', () => {
    const policy = compilePolicy({
      default: 'deny',
      relayedMethods: ['com.example/run'],
      rules: [{ id: 'r', match: { methods: ['com.example/*'] }, effect: 'allow' }],
    });
    expect(policy.decide(asked(report)).effect).toBe('allow');
    expect(policy.decide(listed(report)).effect).toBe('allow');
    expect(policy.decide(asked(read)).effect).toBe('deny');
  });
});
