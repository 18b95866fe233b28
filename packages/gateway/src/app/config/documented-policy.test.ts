import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { compilePolicy } from '../../policy/policy.js';
import { asked, toolOf } from '../../policy/policy-fixture.js';
import { configInMemory } from './load-config.js';
import { policySpecOf } from './policy-spec.js';

const page = readFileSync(new URL('../../../../../docs/policy.md', import.meta.url), 'utf8');
const samples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map((match) => match[1] ?? '');

async function policyOf(policy: object) {
  const config = await configInMemory({ upstreams: {}, policy } as never, '.', { environment: {} });
  return compilePolicy(policySpecOf(config));
}

test('the policy that docs/policy.md begins with decides as it says', async () => {
  const [first = ''] = samples;
  const { policy } = parse(first) as { policy: object };
  const compiled = await policyOf(policy);
  const transfer = toolOf(
    'pay__transfer',
    { amount: { type: 'number' } },
    { upstream: 'pay', name: 'transfer' },
  );
  const read = toolOf(
    'files__read_file',
    { path: { type: 'string' } },
    { upstream: 'files', name: 'read_file' },
  );
  expect(compiled.decide(asked(transfer, { amount: 101 }))).toMatchObject({
    effect: 'ask',
    rule: 'large-transfers',
  });
  expect(compiled.decide(asked(transfer, { amount: 5 })).effect).toBe('deny');
  expect(compiled.decide(asked(read, { path: '/data/public/a' })).effect).toBe('allow');
  expect(compiled.decide(asked(read, { path: '/data/public/../b' })).effect).toBe('deny');
  expect(compiled.decide(asked(toolOf('bulk_delete'))).effect).toBe('hide');
});

test('the other samples of docs/policy.md load', async () => {
  for (const sample of samples.slice(1)) {
    const conditions = sample.split('\n').flatMap((line) => /^when: (.+)$/.exec(line)?.[1] ?? []);
    const rules =
      conditions.length === 0
        ? (parse(sample) as object[])
        : conditions.map((when, index) => ({ id: `r${index}`, effect: 'allow', when }));
    expect((await policyOf({ rules })).revision).toMatch(/^sha256:/);
  }
  expect(samples.length).toBeGreaterThan(2);
});
