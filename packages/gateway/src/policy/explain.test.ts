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
        condition: { text: reads.when, result: true, values: { 'args.path': '"/srv/a"', 'args.limit': '5' } },
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
});
