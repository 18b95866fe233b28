import { describe, expect, test } from 'vitest';
import { checkPolicy } from './check-policy.js';
import { offersOf } from './offer-snapshot.js';
import { configOf, onBench } from './policy-tools-fixture.js';
import { withBench } from './with-bench.js';

type Rules = Parameters<typeof onBench>[0];
type Rule = Rules[number];

async function findings(...rules: Rules): Promise<string[]> {
  const found = await onBench(rules, checkPolicy);
  return found.map(({ severity, code, rule, target }) =>
    `${severity} ${code} ${rule ?? target ?? ''}`.trim(),
  );
}

const allowAll: Rule = { id: 'all', effect: 'allow' };

describe('what the gateway would refuse is an error', () => {
  test('a condition that names an argument no tool has', async () => {
    const wrong: Rule = {
      id: 'typo',
      match: { tools: ['read_file'] },
      when: 'args.pth == "/a"',
      effect: 'deny',
    };
    expect(await findings(allowAll, wrong)).toEqual(['error refused typo']);
  });

  test('a condition that compares text with a number', async () => {
    const wrong: Rule = {
      id: 'kinds',
      match: { tools: ['transfer'] },
      when: 'args.amount == "5"',
      effect: 'deny',
    };
    expect(await findings(allowAll, wrong)).toEqual(['error refused kinds']);
  });

  test('a rule that another rule stops whatever happens', async () => {
    const stopped: Rule = { id: 'reads', match: { tools: ['read_file'] }, effect: 'allow' };
    const ban: Rule = { id: 'ban', match: { tools: ['read_*'] }, effect: 'deny' };
    const rest: Rule = { id: 'rest', match: { tools: ['write_file', 'transfer'] }, effect: 'allow' };
    expect(await findings(stopped, ban, rest)).toEqual(['error refused reads']);
  });

  test('a name that no tool has', async () => {
    const wrong: Rule = { id: 'gone', match: { tools: ['read_fil'] }, effect: 'deny' };
    expect(await findings(allowAll, wrong)).toEqual(['error refused gone']);
  });
});

describe('what works and may not be meant is a warning', () => {
  test('a tool that no rule is about', async () => {
    const reads: Rule = { id: 'reads', match: { tools: ['read_file', 'write_file'] }, effect: 'allow' };
    expect(await findings(reads)).toEqual(['warning uncovered transfer']);
  });

  test('a tool for which there are only limits', async () => {
    const limits = [{ kind: 'rate' as const, max: 1, windowSeconds: 1 }];
    const reads: Rule = { id: 'reads', match: { tools: ['read_file', 'write_file'] }, effect: 'allow' };
    const counted: Rule = { id: 'counted', effect: 'limit', limits };
    expect(await findings(reads, counted)).toEqual(['warning uncovered transfer']);
  });

  test('a ban by wildcards that is about nothing yet', async () => {
    const ban: Rule = { id: 'ban', match: { tools: ['*delete*'] }, effect: 'deny' };
    expect(await findings(allowAll, ban)).toEqual(['warning idle ban']);
  });

  test('a ban that says the same as a wider one', async () => {
    const wide: Rule = { id: 'wide', match: { tools: ['*_file'] }, effect: 'deny' };
    const narrow: Rule = { id: 'narrow', match: { tools: ['read_file'] }, effect: 'deny' };
    const rest: Rule = { id: 'rest', match: { tools: ['transfer'] }, effect: 'allow' };
    expect(await findings(narrow, wide, rest)).toEqual(['warning redundant narrow']);
  });

  test('the later of two rules that are the same, and not both', async () => {
    expect(await findings(allowAll, { ...allowAll, id: 'again' })).toEqual(['warning redundant again']);
  });

  test('a rule whose targets are all stopped, each by another rule', async () => {
    const allow: Rule = { id: 'files', match: { tools: ['*_file'] }, effect: 'allow' };
    const one: Rule = { id: 'no-read', match: { tools: ['read_file'] }, effect: 'deny' };
    const other: Rule = { id: 'no-write', match: { tools: ['write_file'] }, effect: 'hide' };
    const rest: Rule = { id: 'rest', match: { tools: ['transfer'] }, effect: 'allow' };
    expect(await findings(allow, one, other, rest)).toEqual(['warning stopped files']);
  });
});

describe('what is meant is left alone', () => {
  test.each([
    ['a ban under a condition', { when: 'args.path == "/a"' }],
    ['a ban for some callers', { match: { tools: ['read_file'], principals: ['b'] } }],
    ['a ban on trial', { shadow: true }],
    ['a ban at some times', { during: ['mon'] }],
  ])('%s', async (_how, more) => {
    const ban: Rule = { id: 'ban', match: { tools: ['read_file'] }, effect: 'deny', ...more };
    expect(await findings(allowAll, ban)).toEqual([]);
  });

  test('a rule that gives limits of its own beside a wider one', async () => {
    const limits = [{ kind: 'rate' as const, max: 1, windowSeconds: 1 }];
    expect(
      await findings(allowAll, { id: 'slow', match: { tools: ['transfer'] }, effect: 'allow', limits }),
    ).toEqual([]);
  });

  test('rules about tools of a server of which nothing is known, but for saying so', async () => {
    const upstreams = { files: { command: 'offline' }, mail: { command: 'offline' } };
    const rule: Rule = { id: 'mail', match: { tools: ['mail:send'] }, effect: 'allow' };
    const config = await configOf([], { upstreams, policy: { rules: [rule] } });
    const found = await withBench(config, offersOf({ files: { tools: [] } }), checkPolicy);
    expect(found).toMatchObject([{ severity: 'warning', code: 'unknown_tools', path: 'upstreams.mail' }]);
  });
});
