import { afterEach, describe, expect, test, vi } from 'vitest';
import { Histories } from '../../policy/histories.js';
import { asked, callerOf, promptOf, toolOf } from '../../policy/policy-fixture.js';
import { gatewaySample, proxyGatewaySample, realCordonFile } from './cordon-samples-fixture.js';
import { decideTwice, faultsOfForeign, type Loaded, loadForeign, outcomeOf } from './dialect-fixture.js';

const environment = { UPSTREAM_API_KEY: 'atb_0123456789', GATEWAY_AUTH_TOKEN: 'f00dfeed0123456789' };

afterEach(() => vi.unstubAllEnvs());

function stubEnvironment(): void {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
}

const samples = [
  ['gateway.config.ts', gatewaySample, 'financial-research-suite', 60],
  ['proxy-gateway.config.ts', proxyGatewaySample, 'production-tool-server', 45],
] as const;

describe.each(samples)('seed 002, %s as printed', (name, text, id, seconds) => {
  const load = () => {
    stubEnvironment();
    return loadForeign(name, text, environment);
  };

  test('starts the server with the variables that it lists, which are referred to', async () => {
    const { config } = await load();
    expect(config.upstreams[id]).toMatchObject({
      command: 'npx',
      args: ['-y', 'agent-toolbelt-mcp'],
      env: {
        UPSTREAM_API_KEY: 'env:UPSTREAM_API_KEY',
        UPSTREAM_BASE_URL: 'https://agent-toolbelt-production.up.railway.app',
      },
    });
  });

  test('listens where it says, for who has the token', async () => {
    const { config } = await load();
    expect(config.listen).toMatchObject({ host: '127.0.0.1', port: 7777 });
    expect(config.auth).toMatchObject({
      mode: 'keys',
      tokens: [{ principal: 'agent', tokens: ['env:GATEWAY_AUTH_TOKEN'], roles: ['agent'] }],
    });
  });

  test('has four tools approved by a person, who is told why, and lets the others pass', async () => {
    const loaded = await load();
    const decide = (tool: string) => decideTwice(loaded, asked(toolOf(tool, {}, { upstream: id })));
    for (const tool of ['stock_thesis', 'moat_analysis', 'bear_vs_bull', 'compare_stocks']) {
      const decision = decide(tool);
      expect(decision.effect).toBe('ask');
      expect(decision.obligations?.approvals).toEqual([
        {
          rule: `${id}.${tool}.ask`,
          reason: expect.stringMatching(/\$0\.05/),
          mode: 'wait',
          waitMs: seconds * 1000,
          expiresMs: seconds * 1000,
        },
      ]);
    }
    for (const tool of ['count_tokens', 'text-extractor', 'stock_thesis_v2', 'list_tools'])
      expect(decide(tool).effect).toBe('allow');
  });

  test('says what is not connected yet, and no secret', async () => {
    const { config, migrated } = await load();
    expect(config.warnings).toEqual([expect.stringContaining('audit to "stdout" is not connected yet')]);
    expect(config.approvals.channels).toEqual([expect.objectContaining({ kind: 'terminal' })]);
    for (const secret of Object.values(environment))
      expect(JSON.stringify({ ...config, environment: {} }) + migrated).not.toContain(secret);
  });

  test('is refused without a token, naming the variable', async () => {
    vi.stubEnv('UPSTREAM_API_KEY', 'atb_0123456789');
    vi.stubEnv('GATEWAY_AUTH_TOKEN', '');
    expect(await faultsOfForeign(name, text)).toEqual([
      expect.stringContaining('gateway.auth.token: found an empty token'),
    ]);
    expect((await faultsOfForeign(name, text))[0]).toContain('reads GATEWAY_AUTH_TOKEN, which is not set');
  });
});

const load = (server: object, rest: object = {}) => loadForeign('cordon.json', realCordonFile(server, rest));
const db = (name: string, annotations = {}) => toolOf(name, {}, { upstream: 'db', annotations });

type Case = readonly [tool: string, args: object, expected: string];

function check(loaded: Loaded, cases: readonly Case[]): void {
  const found = cases.map(([tool, args]) => [tool, args, outcomeOf(loaded, asked(db(tool), args as never))]);
  expect(found).toEqual(cases);
}

describe('the real tool', () => {
  test('reads its gateway, and keeps a token that is written out apart', async () => {
    const rest = {
      gateway: { transport: 'http', authToken: 'literal-token-1', port: 9000, host: '127.0.0.1' },
      agentId: 'night-batch',
    };
    const { config, migrated } = await load({}, rest);
    expect(config.listen).toMatchObject({ host: '127.0.0.1', port: 9000 });
    expect(config.auth.tokens).toMatchObject([
      { principal: 'night-batch', tokens: ['env:CORDON_GATEWAY_TOKEN'], labels: { agentId: 'night-batch' } },
    ]);
    expect(config.environment.CORDON_GATEWAY_TOKEN).toBe('literal-token-1');
    expect(config.warnings[0]).toContain('the token is written in the file');
    expect(migrated).not.toContain('literal-token-1');
  });

  test('decides by the action of a tool before that of its server', async () => {
    const tools = {
      a: 'allow',
      b: 'block',
      c: { action: 'approve', reason: 'costs' },
      d: 'hidden',
      e: 'log-only',
      'odd name [x]': 'allow',
    };
    const cases: Case[] = [
      ['a', {}, 'allow'],
      ['b', {}, 'deny'],
      ['c', {}, 'ask'],
      ['d', {}, 'hide'],
      ['e', {}, 'allow'],
      ['odd name [x]', {}, 'allow'],
    ];
    check(await load({ tools }), [...cases, ['other', {}, 'allow'], ['odd name x', {}, 'allow']]);
    check(await load({ tools, policy: 'block' }), [
      ...cases,
      ['other', {}, 'deny'],
      ['odd name x', {}, 'deny'],
    ]);
    check(await load({ tools, policy: 'hidden' }), [...cases, ['other', {}, 'hide']]);
    check(await load({ tools, policy: 'approve' }), [...cases, ['other', {}, 'ask']]);
  });

  test('knows what writes by its name, in any casing and position', async () => {
    const cases = (write: string): Case[] => [
      ['read_file', {}, 'allow'],
      ['getUpdates', {}, 'allow'],
      ['write_file', {}, write],
      ['deleteUser', {}, write],
      ['user_delete', {}, write],
      ['userDelete', {}, write],
      ['DELETE-USER', {}, write],
      ['fileWrite', {}, write],
      ['kept', {}, 'allow'],
      ['set_kept', {}, 'allow'],
    ];
    const tools = { set_kept: 'allow' };
    check(await load({ policy: 'read-only', tools }), cases('deny'));
    check(await load({ policy: 'approve-writes', tools }), cases('ask'));
  });

  test('believes annotations when they say that a tool writes, and not that it does not', async () => {
    const { policy } = await load({ policy: 'read-only' });
    const effect = (name: string, annotations: object) => policy.decide(asked(db(name, annotations))).effect;
    expect(effect('sync', { readOnlyHint: false, destructiveHint: false })).toBe('deny');
    expect(effect('delete_all', { readOnlyHint: true })).toBe('deny');
    expect(effect('find', { readOnlyHint: true })).toBe('allow');
  });

  test('parses SQL, and takes for a write what it cannot', async () => {
    const cases = (write: string, arg = 'sql'): Case[] => [
      ['query', { [arg]: 'select 1' }, 'allow'],
      ['query', { [arg]: 'with a as (select 1) select * from a' }, 'allow'],
      ['query', { [arg]: 'explain select 1' }, 'allow'],
      ['query', { [arg]: 'delete from t' }, write],
      ['query', { [arg]: 'select 1; drop table t' }, write],
      ['query', { [arg]: "select nextval('s')" }, write],
      ['query', { [arg]: 'select * into u from t' }, write],
      ['query', { [arg]: 'select * from t for update' }, write],
      ['query', { [arg]: 'selekt' }, write],
      ['query', {}, write],
      ['query', { [arg]: 5n }, 'deny'],
    ];
    check(await load({ tools: { query: 'sql-read-only' } }), cases('deny'));
    check(await load({ tools: { query: 'sql-approve-writes' } }), cases('ask'));
    check(await load({ tools: { query: { action: 'sql-read-only', sqlArg: 'q' } } }), cases('deny', 'q'));
    check(await load({ policy: 'sql-read-only', tools: { ping: 'allow' } }), [
      ...cases('deny'),
      ['ping', {}, 'allow'],
      ['other', {}, 'deny'],
    ]);
  });

  test('hides tools that are neither known nor named, or says that it lets them pass', async () => {
    const server = { knownTools: ['a'], tools: { b: 'approve' } };
    check(await load(server), [
      ['a', {}, 'allow'],
      ['b', {}, 'ask'],
      ['c', {}, 'hide'],
    ]);
    const open = await load({ ...server, onUnknownTool: 'allow' });
    check(open, [['c', {}, 'allow']]);
    expect(open.config.warnings[0]).toContain('tools that knownTools does not list are let through');
  });

  test('limits how often: all tools, those of a server, a tool by its own name', async () => {
    const rateLimit = {
      maxCallsPerMinute: 60,
      perServer: { db: 30 },
      perTool: { slow: 2 },
      onExceeded: 'queue',
    };
    const loaded = await load({}, { rateLimit });
    check(loaded, [
      ['slow', {}, 'allow rate rate.db rate.slow'],
      ['fast', {}, 'allow rate rate.db'],
    ]);
    expect(loaded.policy.decide(asked(db('slow'))).obligations?.limits).toContainEqual({
      kind: 'rate',
      id: 'rate.slow',
      max: 2,
      windowMs: 60_000,
      per: [],
      algorithm: 'sliding',
      queueMs: 50_000,
    });
  });

  test('gives nothing away beside tools', async () => {
    expect(outcomeOf(await load({}), asked(promptOf('hello', [], 'db')))).toBe('deny');
  });

  test('reads a TypeScript file, with either package, and values that are not set', async () => {
    for (const name of ['@getcordon/policy', 'cordon-sdk']) {
      const text = `import { defineConfig } from '${name}';
        export default defineConfig({ servers: [{ name: 'My Server', transport: 'stdio', command: 'x', env: { A: process.env.NOT_SET_AT_ALL } }] });`;
      const { config } = await loadForeign('cordon.config.ts', text);
      expect(config.upstreams['my-server']).toMatchObject({ command: 'x', env: {} });
      expect(config.warnings[0]).toContain('the server "My Server" has the id "my-server" here');
    }
    const empty = `import { defineConfig } from '@getcordon/policy';\nexport default defineConfig({ agentId: 'x' });`;
    expect((await loadForeign('cordon.config.ts', empty)).config.upstreams).toEqual({});
  });

  test('keeps texts that only look like references as they are', async () => {
    const { config } = await load({ env: { DATABASE_URL: 'file:./dev.db', PLAIN: 'x' } });
    expect(config.upstreams.db).toMatchObject({
      env: { DATABASE_URL: 'env:CORDON_DB_DATABASE_URL', PLAIN: 'x' },
    });
    expect(config.environment.CORDON_DB_DATABASE_URL).toBe('file:./dev.db');
  });
});

describe('what may follow what', () => {
  const graph = [
    { from: 'read_*', to: 'send', action: 'block', reason: 'No way out.' },
    { from: 'search', to: 'post', action: 'approve', requireDataFlow: true },
    { from: '*', to: 'pay', action: 'approve' },
    { from: 'a', to: 'b', action: 'allow' },
  ];

  async function after(calls: readonly (readonly [tool: string, result?: string])[]) {
    const loaded = await load({ tools: { locked: 'block' } }, { callGraph: graph });
    const histories = new Histories();
    const caller = callerOf();
    for (const [index, [tool, result]] of calls.entries()) {
      histories.began(caller, db(tool), index);
      if (result !== undefined) histories.learned(caller, db(tool), result);
    }
    return (tool: string, args: object = {}) =>
      decideTwice(loaded, asked(db(tool), args as never, { at: 1000, history: histories.of(caller) })).effect;
  }

  test('looks at the whole history of the caller', async () => {
    const fresh = await after([]);
    expect([fresh('send'), fresh('post'), fresh('pay'), fresh('locked')]).toEqual([
      'allow',
      'allow',
      'allow',
      'deny',
    ]);
    const later = await after([['read_mail'], ['list'], ['list'], ['list']]);
    expect([later('send'), later('post'), later('pay'), later('list')]).toEqual([
      'deny',
      'allow',
      'ask',
      'allow',
    ]);
    const other = await after([['reader'], ['preread_x']]);
    expect([other('send'), other('pay')]).toEqual(['allow', 'ask']);
  });

  test('follows the data where that is required', async () => {
    const decide = await after([['search', 'the id is 123e4567-e89b-12d3-a456-426614174000'], ['list']]);
    expect(decide('post', { text: '123e4567-e89b-12d3-a456-426614174000' })).toBe('ask');
    expect(decide('post', { text: 'nothing of it' })).toBe('allow');
  });

  test('is never raised by a rule that allows', async () => {
    const decide = await after([['a']]);
    expect(decide('locked')).toBe('deny');
  });
});
