import { expect, test } from 'vitest';
import type { GoldenFile, PlacedCase } from './golden-file.js';
import { type GoldenResult, judgeGolden } from './judge-golden.js';
import { junitReport } from './junit.js';
import { onBench } from './policy-tools-fixture.js';
import { RuleCoverage } from './rule-coverage.js';

const rules: Parameters<typeof onBench>[0] = [
  { id: 'reads', match: { tools: ['read_file'] }, when: 'args.path == "/a"', effect: 'allow' },
  { id: 'never', match: { tools: ['write_file'] }, effect: 'deny' },
];

async function judged(one: Partial<PlacedCase>) {
  const golden: GoldenFile = {
    file: 'f.test.yaml',
    at: 0,
    callers: {},
    cases: [{ title: 't', args: {}, expect: { effect: 'allow' }, ...one }],
  };
  return onBench(rules, async (bench) => {
    const coverage = new RuleCoverage(bench.config.policy.rules);
    const [result] = await judgeGolden(golden, bench, coverage);
    return { result: result as GoldenResult, coverage };
  });
}

test('a case that does not hold says what was expected, what was found and what the rules saw', async () => {
  const { result } = await judged({ tool: 'read_file', args: { path: '/b' } });
  expect(result.problems[0]).toBe('effect: expected allow, found deny');
  expect(result.trace).toEqual(['reads (allow): its condition is false [args.path = "/b"]']);
});

test.each([
  ['rule', { effect: 'allow', rule: 'never' }, 'rule: expected never, found reads'],
  ['reason', { effect: 'allow', reason: 'because' }, 'reason: expected one with "because"'],
  ['limits', { effect: 'allow', limits: ['x'] }, 'limits: expected x, found none'],
  ['evaluator', { effect: 'allow', evaluator: 'x' }, 'evaluator: expected x, found none'],
  ['trial', { effect: 'allow', shadow: 'deny' }, 'with the rules on trial: expected deny, found none'],
] as const)('the right effect with another %s does not hold', async (_part, expected, problem) => {
  const { result } = await judged({ tool: 'read_file', args: { path: '/a' }, expect: expected as never });
  expect(result.problems.join('; ')).toContain(problem);
});

test('a tool that there is not fails with the nearest one, also in the history', async () => {
  const { result } = await judged({ tool: 'read_fil' });
  expect(result.problems).toEqual(['no server offers the tool "read_fil"; did you mean "read_file"?']);
  const past = await judged({ tool: 'read_file', args: { path: '/a' }, history: [{ tool: 'gone' }] });
  expect(past.result.problems).toEqual(['history: no server offers the tool "gone"']);
});

test('coverage tells rules that never took part, and conditions that never said no', async () => {
  const { coverage } = await judged({ tool: 'read_file', args: { path: '/a' } });
  expect(coverage.missing().map(({ id }) => id)).toEqual(['never']);
  expect(coverage.percent()).toBe(50);
  expect(coverage.rules()[0]).toMatchObject({ id: 'reads', matched: 1, decided: 1, spared: 0 });
});

test('JUnit holds no markup and no control characters of foreign text', () => {
  const title = '<a href="x">&\u0000\u001b';
  const result = { title, file: 'f', expected: 'allow', found: 'deny', problems: ['<no>'], trace: [] };
  const xml = junitReport([
    { file: 'f', results: [result], faults: [] },
    { file: 'g', results: [], faults: ['x'] },
  ]);
  expect(xml).toContain('name="&lt;a href=&quot;x&quot;&gt;&amp;\ufffd\ufffd"');
  expect(xml).toContain('<failure message="&lt;no&gt;">');
  expect(xml).toContain('tests="2" failures="1" errors="1"');
});
