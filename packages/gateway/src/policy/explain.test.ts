import { describe, expect, test } from 'vitest';
import type { Question } from '../model/decision.js';
import type { JsonObject } from '../model/json.js';
import { compilePolicy } from './policy.js';
import type { RuleSpec } from './rule.js';

const policy = (...rules: RuleSpec[]) => compilePolicy({ default: 'deny', rules });
const reads: RuleSpec = {
  id: 'reads',
  match: { tools: ['read_*'], principals: ['agent-*'] },
  effect: 'allow',
  when: 'args.path.startsWith("/srv/") && args.limit <= 10',
};
const writes: RuleSpec = { id: 'writes', match: { tools: ['write_*'] }, effect: 'deny' };

function asked(args: JsonObject, by = 'agent-a'): Question {
  return {
    action: 'call',
    method: 'tools/call',
    principal: { id: by, credential: 'none', tenant: 't', roles: [], labels: {} },
    target: {
      kind: 'tool',
      exposedName: 'read_file',
      upstream: 'fs',
      name: 'read_file',
      definition: { text: '{}', value: {} },
      inputSchema: { type: 'object', properties: { path: { type: 'string' }, limit: { type: 'integer' } } },
      annotations: {},
      digest: 'sha256:x',
    },
    args,
    at: 0,
    callId: 'c1',
  };
}

describe('explaining a decision', () => {
  test('shows every rule, the values its condition read, and its answer', () => {
    const { decision, rules, wouldAllow } = policy(reads, writes).explain(
      asked({ path: '/srv/a', limit: 5 }),
    );
    expect(decision).toMatchObject({ effect: 'allow', rule: 'reads' });
    expect(wouldAllow).toBeUndefined();
    expect(rules).toEqual([
      {
        id: 'reads',
        effect: 'allow',
        matched: true,
        condition: {
          text: reads.when,
          result: true,
          values: { 'args.path': '"/srv/a"', 'args.limit': '5', 'args.path.startsWith("/srv/")': 'true' },
        },
      },
      { id: 'writes', effect: 'deny', matched: false, why: 'tool "read_file" is not among "write_*"' },
    ]);
  });

  test('says what would have allowed a call', () => {
    const explained = policy(reads).explain(asked({ path: '/etc', limit: 5 }));
    expect(explained.rules[0]).toMatchObject({ matched: false, why: 'its condition is false' });
    expect(explained.wouldAllow).toEqual([`Rule "reads" allows it when ${reads.when}.`]);
    expect(policy(reads).explain(asked({}, 'bob')).wouldAllow).toEqual([
      'Rule "reads" allows it for others: caller "bob" is not among "agent-*".',
    ]);
    const denied = policy(reads, { ...writes, match: {} }).explain(asked({ path: '/srv/a', limit: 5 }));
    expect(denied.wouldAllow?.[0]).toContain('Rule "writes" (deny) would have to stop matching');
  });

  test('shows why a condition failed', () => {
    const explained = policy(reads).explain(asked({ path: '/srv/a' }));
    expect(explained.decision).toMatchObject({ effect: 'deny', rule: 'reads' });
    expect(explained.rules[0]?.condition).toMatchObject({
      result: 'error',
      values: { 'args.path': '"/srv/a"', 'args.limit': 'absent' },
      error: 'args.limit: is absent; guard it with has(...)',
    });
  });

  test('shows values of any type in words', () => {
    const when =
      'has(args.o) && principal.roles == [] && now > timestamp("1960-01-01T00:00:00Z") && args.o == {}';
    const open = asked({ o: { n: 2n ** 62n, l: [1, 'x', null] } });
    const question = { ...open, target: { ...open.target, inputSchema: {} } };
    const explained = policy({ id: 'r', match: {}, effect: 'allow', when }).explain(question);
    expect(explained.rules[0]?.condition?.values).toEqual({
      'args.o': '{"n":"4611686018427387904","l":[1,"x",null]}',
      'principal.roles': '[]',
      now: '"1970-01-01T00:00:00.000Z"',
    });
  });

  test('shows schedules, rules on trial and what goes with the decision', () => {
    const limit = { kind: 'rate', id: 'l', per: [], max: 1, windowMs: 1_000, algorithm: 'sliding' } as const;
    const rules: RuleSpec[] = [
      { id: 'week', match: {}, effect: 'allow', during: ['thu 00:00-12:00', 'sat'], limits: [limit] },
      { id: 'shut', match: {}, effect: 'deny', during: ['fri'], when: 'args.limit > 1' },
      { id: 'trial', match: {}, effect: 'ask', shadow: true },
    ];
    const { decision, rules: traces } = policy(...rules).explain(asked({ path: '/srv', limit: 5 }));
    expect(decision).toMatchObject({
      effect: 'allow',
      obligations: { limits: [limit] },
      shadow: { effect: 'ask', verdicts: [{ by: 'trial', effect: 'ask' }] },
    });
    expect(traces).toMatchObject([
      {
        matched: true,
        schedules: [
          { text: 'thu 00:00-12:00', open: true },
          { text: 'sat', open: false },
        ],
      },
      { matched: false, why: 'none of its schedules is open', condition: { result: 'not evaluated' } },
      { matched: true, shadow: true },
    ]);
  });

  test('says what a person could approve', () => {
    const asks: RuleSpec = { ...reads, id: 'asks', effect: 'ask' };
    expect(policy(asks).explain(asked({ path: '/srv/a', limit: 5 })).wouldAllow).toEqual([
      'A person would have to approve it.',
    ]);
    expect(policy(asks).explain(asked({ path: '/etc', limit: 5 })).wouldAllow).toEqual([
      `Rule "asks" lets a person approve it when ${reads.when}.`,
    ]);
    const timed: RuleSpec = { id: 'sat', match: {}, effect: 'allow', during: ['sat'] };
    expect(policy(timed).explain(asked({})).wouldAllow).toEqual([
      'Rule "sat" allows it during sat when called.',
    ]);
  });

  test('says why a rule is not about a call at all', () => {
    const why = (match: RuleSpec['match'], more: Partial<Question> = {}) =>
      policy({ id: 'r', match, effect: 'allow' }).explain({ ...asked({}), ...more }).rules[0]?.why;
    expect(why({ prompts: ['x'] })).toBe('it is about prompts, and this is a tool');
    expect(why({ methods: ['prompts/get'] })).toBe('method "tools/call" is not among "prompts/get"');
    expect(why({}, { method: 'roots/list' })).toBe('it does not name the method "roots/list"');
    expect(why({ upstreams: ['x'] })).toBe('upstream "fs" is not among "x"');
    expect(why({ annotations: { readOnly: true } })).toBe('the annotations of tool "read_file" are others');
    expect(why({ roles: ['admin'] })).toBe('the caller has none of the roles "admin"');
    expect(why({ labels: { team: ['red'] } })).toBe('the caller has no label "team"');
    const principal = { ...asked({}).principal, labels: { team: 'blue' } };
    expect(why({ labels: { team: ['red'] } }, { principal })).toBe(
      'label "team" of the caller is "blue", not among "red"',
    );
  });

  test('shows what the functions of a condition answered, those in loops left out', () => {
    const when =
      'args.path.within("/srv") && !now.during("sat") && [1].all(x, string(x).size() > 0) && args.limit < 9';
    const explained = policy({ id: 'r', match: {}, effect: 'allow', when }).explain(
      asked({ path: '/srv/a', limit: 5 }),
    );
    expect(explained.rules[0]?.condition?.values).toEqual({
      'args.path': '"/srv/a"',
      'args.limit': '5',
      now: '"1970-01-01T00:00:00.000Z"',
      'args.path.within("/srv")': 'true',
      'now.during("sat")': 'false',
    });
    const doubtful = policy({ id: 'r', match: {}, effect: 'allow', when }).explain(
      asked({ path: '~', limit: 5 }),
    );
    expect(doubtful.rules[0]?.condition?.values['args.path.within("/srv")']).toBe('no answer');
  });
});
