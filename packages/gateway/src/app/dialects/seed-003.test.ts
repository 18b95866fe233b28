import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compilePolicy, type Policy } from '../../policy/policy.js';
import { asked, callerOf, listed, toolOf } from '../../policy/policy-fixture.js';
import { loadConfig } from '../config/load-config.js';
import { policySpecOf } from '../config/policy-spec.js';

/** "Policy — allow, deny or require approval per tool, argument or caller" and "hide specific tools", in nine rules. */
const text = `
upstreams: {}
policy:
  rules:
    - {id: reads, match: {tools: ['get_*']}, effect: allow}
    - {id: wipes, match: {tools: [wipe]}, effect: deny}
    - {id: refunds, match: {tools: [refund]}, effect: ask}
    - {id: small, match: {tools: [pay]}, when: args.amount <= 100.0, effect: allow}
    - {id: large, match: {tools: [pay]}, when: args.amount > 100.0 && args.amount <= 1000.0, effect: ask}
    - {id: huge, match: {tools: [pay]}, when: args.amount > 1000.0, effect: deny}
    - {id: staff, match: {tools: [export], labels: {team: [finance]}}, effect: allow}
    - {id: guests, match: {tools: [export], principals: ['guest-*']}, effect: ask}
    - {id: leavers, match: {principals: [mallory]}, effect: deny}
    - {id: inner, match: {tools: ['debug_*']}, effect: hide}
`;

async function policy(): Promise<Policy> {
  const folder = await mkdtemp(join(tmpdir(), 'seed-003-'));
  try {
    const file = join(folder, 'sallyport.config.yaml');
    await writeFile(file, text);
    return compilePolicy(policySpecOf(await loadConfig({ file, environment: {} })));
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('seed 003: allows, denies and requires approval by tool, by argument and by caller', async () => {
  const rules = await policy();
  const effect = (tool: string, args: object = {}, caller = callerOf()) =>
    rules.decide(asked(toolOf(tool), args as never, { principal: caller })).effect;
  expect([effect('get_user'), effect('wipe'), effect('refund')]).toEqual(['allow', 'deny', 'ask']);
  const amounts = [100, 500, 5000, '5'].map((amount) => effect('pay', { amount }));
  expect(amounts).toEqual(['allow', 'ask', 'deny', 'deny']);
  const callers = [callerOf('ann', { labels: { team: 'finance' } }), callerOf('guest-7'), callerOf('bob')];
  expect(callers.map((caller) => effect('export', {}, caller))).toEqual(['allow', 'ask', 'deny']);
  expect(effect('get_user', {}, callerOf('mallory'))).toBe('deny');
});

test('seed 003: hides specific tools from lists, and they cannot be called', async () => {
  const rules = await policy();
  expect(rules.decide(listed(toolOf('debug_dump'))).effect).toBe('hide');
  expect(rules.decide(asked(toolOf('debug_dump'))).effect).toBe('hide');
});
