import { describe, expect, test } from 'vitest';
import { compilePolicy } from '../../policy/policy.js';
import { asked, promptOf, toolOf } from '../../policy/policy-fixture.js';
import { faultsOfForeign, loadForeign, outcomeOf } from './dialect-fixture.js';
import { translateHaldirPolicy } from './haldir-policy.js';

/** The five bodies that seed 000 prints. */
const seed = {
  allow: { type: 'allow', tools: ['scan_domain', 'dns_lookup', 'whois_lookup'] },
  deny: { type: 'deny', tools: ['delete_database', 'send_email', 'transfer_funds'] },
  spend: { type: 'spend_limit', max_usd: 50.0, per: 'session' },
  rate: { type: 'rate_limit', max_calls: 100, window_seconds: 3600 },
  time: {
    type: 'time_window',
    allowed_hours: { start: '09:00', end: '17:00' },
    timezone: 'America/New_York',
  },
};

type Case = readonly [tool: string, args: object, expected: string, at?: string];

/** Decides calls to tools of the upstream `fs`, before and after the migration. */
async function decideAll(body: object, cases: readonly Case[]): Promise<void> {
  const loaded = await loadForeign('policies.json', JSON.stringify(body));
  const found = cases.map(([tool, args, , at = '2026-06-10T15:00:00Z']) => {
    const name = tool.replace(/^.*:/, '');
    const upstream = tool.includes(':') ? tool.replace(/:.*$/, '') : 'fs';
    const target = toolOf(name, {}, { upstream });
    return [tool, args, outcomeOf(loaded, asked(target, args as never, { at: Date.parse(at) }))];
  });
  expect(found).toEqual(cases.map(([tool, args, expected]) => [tool, args, expected]));
}

describe('seed 000 as printed', () => {
  test('allow: any tool that is not on the list is blocked', () =>
    decideAll(seed.allow, [
      ['scan_domain', {}, 'allow'],
      ['dns_lookup', { domain: 'example.com' }, 'allow'],
      ['whois_lookup', {}, 'allow'],
      ['scan_domains', {}, 'deny'],
      ['SCAN_DOMAIN', {}, 'deny'],
      ['delete_database', {}, 'deny'],
    ]));

  test('deny: the tools are blocked while everything else is allowed', () =>
    decideAll(seed.deny, [
      ['delete_database', {}, 'deny'],
      ['send_email', { to: 'a@b.c' }, 'deny'],
      ['transfer_funds', {}, 'deny'],
      ['other:transfer_funds', {}, 'deny'],
      ['scan_domain', {}, 'allow'],
      ['send_emails', {}, 'allow'],
    ]));

  test('spend_limit: a session spends at most that much', async () => {
    const limits = 'spend_limit-1.amount spend_limit-1.price';
    await decideAll(seed.spend, [
      ['pay', { amount: 10 }, `allow ${limits}`],
      ['scan_domain', {}, `allow ${limits}`],
    ]);
    const { policy } = await loadForeign('policies.json', JSON.stringify(seed.spend));
    expect(policy.decide(asked(toolOf('pay'))).obligations?.limits).toEqual([
      expect.objectContaining({
        kind: 'budget',
        per: ['session'],
        maxMicros: 50_000_000n,
        unit: 'USD',
        window: 'total',
        cost: { kind: 'argument', path: ['amount'], optional: true },
      }),
      expect.objectContaining({ kind: 'budget', maxMicros: 50_000_000n, cost: { kind: 'price' } }),
    ]);
  });

  test('rate_limit: an agent makes at most that many calls in any such stretch', async () => {
    await decideAll(seed.rate, [['scan_domain', {}, 'allow rate_limit-1.calls']]);
    const { policy } = await loadForeign('policies.json', JSON.stringify(seed.rate));
    expect(policy.decide(asked(toolOf('pay'))).obligations?.limits).toMatchObject([
      { kind: 'rate', max: 100, windowMs: 3_600_000, algorithm: 'sliding', per: ['principal'] },
    ]);
  });

  test('time_window: calls pass from 09:00 to 17:00 in New York, summer and winter', () =>
    decideAll(seed.time, [
      ['scan_domain', {}, 'allow', '2026-06-10T13:00:00Z'],
      ['scan_domain', {}, 'deny', '2026-06-10T12:59:59.999Z'],
      ['scan_domain', {}, 'allow', '2026-06-10T20:59:59.999Z'],
      ['scan_domain', {}, 'deny', '2026-06-10T21:00:00Z'],
      ['scan_domain', {}, 'deny', '2026-06-10T04:00:00Z'],
      ['scan_domain', {}, 'deny', '2026-01-10T13:59:59Z'],
      ['scan_domain', {}, 'allow', '2026-01-10T14:00:00Z'],
      ['scan_domain', {}, 'deny', '2026-01-10T22:00:00Z'],
    ]));

  test('all five hold together, whatever their order', async () => {
    const bodies = Object.values(seed);
    for (const policies of [bodies, bodies.toReversed()]) {
      const loaded = await loadForeign('policies.json', JSON.stringify({ policies }));
      const outcome = (tool: string, at: string) =>
        outcomeOf(loaded, asked(toolOf(tool), {}, { at: Date.parse(at) })).split(' ');
      expect(outcome('scan_domain', '2026-06-10T15:00:00Z')[0]).toBe('allow');
      expect(outcome('scan_domain', '2026-06-10T15:00:00Z')).toHaveLength(4);
      expect(outcome('scan_domain', '2026-06-10T03:00:00Z')).toEqual(['deny']);
      expect(outcome('list_files', '2026-06-10T15:00:00Z')).toEqual(['deny']);
      expect(outcome('send_email', '2026-06-10T15:00:00Z')).toEqual(['deny']);
    }
  });
});

describe('the kinds of the real server', () => {
  test('block_tool: the tool alone, with an upstream, or behind a dot', () =>
    decideAll({ type: 'block_tool', tool: 'drop' }, [
      ['drop', {}, 'deny'],
      ['other:drop', {}, 'deny'],
      ['db.drop', {}, 'deny'],
      ['drops', {}, 'allow'],
      ['drop.all', {}, 'allow'],
    ]));

  test('block_tool with a name of one upstream leaves the others alone', () =>
    decideAll({ type: 'block_tool', tool: 'crm.drop' }, [
      ['crm:drop', {}, 'deny'],
      ['fs:drop', {}, 'allow'],
    ]));

  test('allow_list: full and bare names', () =>
    decideAll({ type: 'allow_list', tools: ['scan', 'crm.find'] }, [
      ['scan', {}, 'allow'],
      ['crm:find', {}, 'allow'],
      ['fs:find', {}, 'deny'],
      ['crm:drop', {}, 'deny'],
    ]));

  test('deny_list: full and bare names', () =>
    decideAll({ type: 'deny_list', tools: ['scan', 'crm.find', 'odd name (1)'] }, [
      ['scan', {}, 'deny'],
      ['crm:find', {}, 'deny'],
      ['fs:find', {}, 'allow'],
      ['odd name (1)', {}, 'deny'],
      ['odd name 1', {}, 'allow'],
    ]));

  test('spend_limit with max: no single call of more, and no trick with the amount', () =>
    decideAll({ type: 'spend_limit', max: 50 }, [
      ['pay', { amount: 50 }, 'allow'],
      ['pay', { amount: 49.99 }, 'allow'],
      ['pay', { amount: 0 }, 'allow'],
      ['pay', { amount: '12.5' }, 'allow'],
      ['pay', {}, 'allow'],
      ['pay', { amount: 50.01 }, 'deny'],
      ['pay', { amount: -1 }, 'deny'],
      ['pay', { amount: '51' }, 'deny'],
      ['pay', { amount: 'fifty' }, 'deny'],
      ['pay', { amount: 'NaN' }, 'deny'],
      ['pay', { amount: 'Infinity' }, 'deny'],
      ['pay', { amount: [1] }, 'deny'],
      ['pay', { amount: null }, 'deny'],
    ]));

  test('rate_limit with max_per_minute', async () => {
    const { policy } = await loadForeign('p.yaml', 'type: rate_limit\nmax_per_minute: 5\n');
    expect(policy.decide(asked(toolOf('x'))).obligations?.limits).toMatchObject([
      { max: 5, windowMs: 60_000 },
    ]);
  });

  test('time_window with hours of UTC', () =>
    decideAll({ type: 'time_window', start_hour: 8, end_hour: 18 }, [
      ['x', {}, 'deny', '2026-06-10T07:59:59Z'],
      ['x', {}, 'allow', '2026-06-10T08:00:00Z'],
      ['x', {}, 'allow', '2026-06-10T17:59:59Z'],
      ['x', {}, 'deny', '2026-06-10T18:00:00Z'],
    ]));

  test('time_window past midnight, to the end of the day, and all day', async () => {
    const hours = (start: string, end: string) => ({
      type: 'time_window',
      allowed_hours: { start, end },
      timezone: 'UTC',
    });
    await decideAll(hours('22:00', '06:00'), [
      ['x', {}, 'allow', '2026-06-10T22:00:00Z'],
      ['x', {}, 'allow', '2026-06-10T05:59:59Z'],
      ['x', {}, 'deny', '2026-06-10T06:00:00Z'],
      ['x', {}, 'deny', '2026-06-10T21:59:59Z'],
    ]);
    await decideAll(hours('09:00', '24:00'), [
      ['x', {}, 'deny', '2026-06-10T08:59:59Z'],
      ['x', {}, 'allow', '2026-06-10T23:59:59Z'],
    ]);
    await decideAll(hours('00:00', '24:00'), [['x', {}, 'allow', '2026-06-10T00:00:00Z']]);
  });

  test('require_approval: by tool, and over a threshold', async () => {
    await decideAll({ type: 'require_approval', tools: ['pay'] }, [
      ['pay', {}, 'ask'],
      ['scan', {}, 'allow'],
    ]);
    await decideAll({ type: 'require_approval', tools: ['pay'], threshold: 100 }, [
      ['pay', { amount: 100 }, 'allow'],
      ['pay', { amount: 101 }, 'ask'],
      ['pay', { amount: 'x' }, 'deny'],
      ['scan', { amount: 101 }, 'allow'],
    ]);
  });
});

describe('approval rules', () => {
  test('spend_over: more than the threshold, and no trick with the amount', () =>
    decideAll({ type: 'spend_over', threshold: 100 }, [
      ['pay', { amount: 100 }, 'allow'],
      ['pay', {}, 'allow'],
      ['pay', { amount: 100.01 }, 'ask'],
      ['pay', { amount: '101' }, 'ask'],
      ['pay', { amount: -1 }, 'ask'],
      ['pay', { amount: 'many' }, 'deny'],
    ]));

  test('tool_blocked: the tools that are named, by either form of their names', () =>
    decideAll({ type: 'tool_blocked', tools: ['wire', 'crm.drop'] }, [
      ['wire', {}, 'ask'],
      ['other:wire', {}, 'ask'],
      ['crm:drop', {}, 'ask'],
      ['fs:drop', {}, 'allow'],
    ]));

  test('destructive: by annotation, where there is none, and by a verb in the name', async () => {
    const { policy } = await loadForeign('p.json', '{"type":"destructive"}');
    const effect = (name: string, annotations: object) =>
      policy.decide(asked(toolOf(name, {}, { annotations }))).effect;
    expect(effect('look', { readOnlyHint: true })).toBe('allow');
    expect(effect('look', {})).toBe('ask');
    expect(effect('look', { destructiveHint: false })).toBe('ask');
    expect(effect('look', { readOnlyHint: true, destructiveHint: true })).toBe('ask');
    for (const name of ['delete_rows', 'writeFile', 'EXECUTE', 'send-mail'])
      expect([name, effect(name, { readOnlyHint: true })]).toEqual([name, 'ask']);
  });

  test('all: every tool, or those that are named', async () => {
    await decideAll({ type: 'all', threshold: 0, tools: [] }, [['look', {}, 'ask']]);
    await decideAll({ type: 'all', tools: ['pay'] }, [
      ['pay', {}, 'ask'],
      ['look', {}, 'allow'],
    ]);
  });
});

test('a file of policies gives nothing away beside tools', async () => {
  const loaded = await loadForeign('p.json', JSON.stringify([seed.deny]));
  expect(outcomeOf(loaded, asked(promptOf('hello')))).toBe('deny');
});

test('a list shows what a policy does not stop', async () => {
  const { policy } = await loadForeign('p.json', JSON.stringify([seed.allow, seed.time]));
  const listed = (tool: string) => policy.decide({ ...asked(toolOf(tool)), action: 'list', args: {} }).effect;
  expect([listed('scan_domain'), listed('send_email')]).toEqual(['allow', 'deny']);
});

describe('what is not understood is refused', () => {
  test.each<[object, string]>([
    [{ type: 'alow', tools: ['x'] }, 'did you mean "allow"?'],
    [
      { type: 'allow', tool: ['x'] },
      'unknown key "tool"; expected one of type or tools; did you mean "tools"?',
    ],
    [{ type: 'allow', tools: [] }, 'found a list of 0 items; expected a list of the names of tools'],
    [{ type: 'deny', tools: 'x' }, 'found "x"; expected a list of the names of tools'],
    [{ type: 'deny', tools: [5] }, 'found 5; expected text'],
    [{ type: 'spend_limit', max_usd: -1, per: 'session' }, 'found -1; expected a number from 0'],
    [{ type: 'spend_limit', max_usd: '50', per: 'session' }, 'found "50"; expected a number'],
    [{ type: 'spend_limit', max_usd: 50, per: 'day' }, 'found "day"; expected "session"'],
    [{ type: 'spend_limit', max_usd: 50 }, 'found nothing; expected "session"'],
    [{ type: 'spend_limit', max_usd: 50, max: 50, per: 'session' }, 'unknown key "max"'],
    [{ type: 'rate_limit', max_calls: 0, window_seconds: 60 }, 'found 0; expected a whole number from 1'],
    [{ type: 'rate_limit', max_calls: 5 }, 'window_seconds: found nothing'],
    [
      { type: 'rate_limit', max_calls: 5, max_per_minute: 5, window_seconds: 1 },
      'unknown key "max_per_minute"',
    ],
    [
      { type: 'time_window', allowed_hours: { start: '9:00', end: '17:00' }, timezone: 'UTC' },
      'found "9:00"',
    ],
    [{ type: 'time_window', allowed_hours: { start: '09:00', end: '17:00' } }, 'timezone: found nothing'],
    [
      { type: 'time_window', allowed_hours: { start: '09:00', end: '17:00' }, timezone: 'Mars/Base' },
      'which is no time zone',
    ],
    [
      { type: 'time_window', allowed_hours: { start: '09:00', end: '09:00' }, timezone: 'UTC' },
      'which is no time of the day',
    ],
    [{ type: 'time_window', start_hour: 22, end_hour: 6 }, 'a window that is never open'],
    [{ type: 'time_window', start_hour: 8, end_hour: 18, timezone: 'UTC' }, 'unknown key "timezone"'],
    [{ type: 'require_approval' }, 'found neither tools nor threshold'],
    [{ type: 'require_approval', tools: ['x'], notify: [] }, 'unknown key "notify"'],
    [{ type: 'spend_over' }, 'threshold: found nothing'],
    [{ type: 'tool_blocked' }, 'found nothing; expected a list of the names of tools'],
    [{ type: 'all', threshold: 5 }, 'which means nothing for "all"'],
    [{ type: 'destructive', notify: [] }, 'unknown key "notify"'],
  ])('%j', async (body, reason) => {
    expect((await faultsOfForeign('p.json', JSON.stringify(body))).join('\n')).toContain(reason);
  });

  test('at its place in the file', async () => {
    const text =
      'policies:\n  - type: deny\n    tools: [x]\n  - type: rate_limit\n    max_calls: many\n    window_seconds: 1\n';
    expect(await faultsOfForeign('p.yaml', text)).toEqual([
      'p.yaml:5:5: policies[1].max_calls: found "many"; expected a whole number from 1 to 1000000000',
    ]);
  });
});

describe('one body alone, for the REST face', () => {
  test('gives rules that restrict, under the id that is given', () => {
    const { rules, findings } = translateHaldirPolicy(seed.deny, 'pol-7');
    expect(findings).toEqual([]);
    expect(rules.map(({ id, effect }) => [id, effect])).toEqual([['pol-7', 'deny']]);
    const policy = compilePolicy({ default: 'allow', rules });
    expect(policy.decide(asked(toolOf('send_email'))).effect).toBe('deny');
    expect(policy.decide(asked(toolOf('scan'))).effect).toBe('allow');
  });

  test.each(Object.values(seed))('compiles for %j', (body) => {
    const { rules } = translateHaldirPolicy(body, 'p');
    expect(() => compilePolicy({ default: 'allow', rules })).not.toThrow();
    expect(rules).toHaveLength(1);
  });

  test('gives findings instead of rules for what is not understood', () => {
    for (const body of [null, 5, [], {}, { type: 'x' }, { type: 'constructor' }])
      expect(translateHaldirPolicy(body, 'p')).toMatchObject({ rules: [], findings: [{}] });
  });
});
