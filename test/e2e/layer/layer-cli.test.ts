import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayProcess, sallyport, scratchFolder, startGateway, until } from '../gateway-process.js';
import { type SmallServer, startSmallServer } from '../small-server.js';

const key = 'token-of-the-operator';
let folder: { path: string; remove: () => void };
let server: SmallServer;
let gateway: GatewayProcess;

beforeEach(async () => {
  folder = scratchFolder();
  server = await startSmallServer('one', ['echo', 'wipe']);
  gateway = await startGateway(
    folder.path,
    {
      auth: {
        tokens: [
          { principal: 'agent-a', tokens: ['env:AGENT'] },
          { principal: 'olga', tokens: ['env:OPERATOR'], roles: ['operator'] },
        ],
      },
      upstreams: { u: { url: server.url } },
      apiLayer: { addresses: ['127.0.0.0/8'], plainHttp: true },
      policy: { default: 'allow' },
    },
    { AGENT: 'token-of-the-agent', OPERATOR: key },
  );
});
afterEach(async () => {
  await gateway.stop();
  server.close();
  folder.remove();
});

async function ask(method: string, params: object): Promise<string> {
  const response = await fetch(`${gateway.baseUrl}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer token-of-the-agent' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  return response.text();
}
const call = (name: string) => ask('tools/call', { name, arguments: {} });

function write(name: string, text: string): string {
  const path = join(folder.path, name);
  writeFileSync(path, text);
  return path;
}

const guard = (tool: string) => `description: For now.
rules:
  - id: stop
    match:
      tools: [${tool}]
    effect: deny
`;

/** The same commands, on the store beside a running gateway and over its REST face. */
describe.each(['store', 'gateway'] as const)('over the %s', (where) => {
  const cli = (...args: string[]) => {
    const there = where === 'gateway' ? ['--gateway', gateway.baseUrl] : [];
    return sallyport(folder.path, [...args, ...there], { SALLYPORT_KEY: key });
  };

  it('a policy is pushed, pulled, gone back to and removed', async () => {
    const pushed = await cli('policy', 'push', write('guard.yaml', guard('wipe')), '--note', 'a try');
    expect(pushed).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^policy guard: version 1, sha256:/) as string,
    });
    await until('the gateway to deny', async () => (await call('wipe')).includes('api:stop'));
    expect((await cli('policy', 'push', write('guard.yaml', guard('echo')))).stdout).toContain('version 2');
    await until('the gateway to deny the other', async () => (await call('echo')).includes('api:stop'));
    const pulled = await cli('policy', 'pull', 'guard', '--out', join(folder.path, 'pulled.yaml'));
    expect([pulled.code, pulled.stderr]).toEqual([0, '']);
    expect(readFileSync(join(folder.path, 'pulled.yaml'), 'utf8')).toContain('- echo');
    const history = await cli('policy', 'history', 'guard', '--json');
    const { versions } = JSON.parse(history.stdout) as {
      versions: { version: number; note?: string; revision: string }[];
    };
    expect(versions).toMatchObject([{ version: 2 }, { version: 1, note: 'a try' }]);
    const late = await cli('policy', 'rollback', 'guard', '1', '--if-revision', versions[1]?.revision ?? '');
    expect([late.code, late.stderr]).toEqual([1, expect.stringContaining('is not what it was') as string]);
    expect((await cli('policy', 'rollback', 'guard', '1')).stdout).toContain('version 3');
    await until('the gateway to deny the first', async () => (await call('wipe')).includes('api:stop'));
    const table = await cli('policy', 'pull');
    expect(table.stdout).toMatch(/guard\s+3\s+1 rules/);
    const exported = await cli('config', 'export');
    expect(exported.stdout).toMatch(/# guard, version 3 by .*: For now\.\n\s+- id: stop/);
    expect((await cli('policy', 'remove', 'guard')).code).toBe(0);
    await until('the gateway to allow', async () => (await call('wipe')).includes('one ran wipe'));
    expect((await cli('policy', 'pull', 'guard')).code).toBe(1);
  });

  it('a policy that cannot work is refused by file, line and column, and changes nothing', async () => {
    const bad = write('bad.yaml', 'rules:\n  - id: stop\n    effekt: deny\n    match: { tools: [wipe] }\n');
    const refused = await cli('policy', 'push', bad);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/bad\.yaml:3:5: rules\[0\]\.effekt: .*did you mean "effect"/);
    expect((await cli('policy', 'pull')).stderr).toContain('There are none.');
    const missing = await cli('policy', 'push', write('none.yaml', 'upstreams: {}\n'));
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('found no rules') as string]);
  });

  it('a rule that can never match is refused with the nearest name there is', async () => {
    const refused = await cli('policy', 'push', write('typo.yaml', guard('wpie')));
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/typo\.yaml:5:7: .*did you mean "wipe"/);
    expect(await call('wipe')).toContain('one ran wipe');
  });

  it('an upstream is tried, added and removed', async () => {
    const made = await startSmallServer('made', ['made_tool']);
    try {
      const tried = await cli('upstreams', 'test', 'made', made.url);
      expect([tried.code, tried.stdout]).toEqual([0, expect.stringContaining('tools: made_tool') as string]);
      expect((await cli('upstreams', 'test', 'made', 'http://127.0.0.1:1/mcp')).code).toBe(1);
      const literal = await cli(
        'upstreams',
        'add',
        'made',
        made.url,
        '--header',
        'Authorization: Bearer abcdefgh',
      );
      expect([literal.code, literal.stderr]).toEqual([
        1,
        expect.stringContaining('headers.Authorization') as string,
      ]);
      expect(literal.stderr).not.toContain('abcdefgh');
      expect(
        (await cli('upstreams', 'add', 'made', made.url, '--settings', '{"timeoutSeconds":5}')).code,
      ).toBe(0);
      await until('its tool', async () => (await ask('tools/list', {})).includes('made_tool'));
      const exported = await cli('config', 'export', '--json');
      expect(JSON.parse(exported.stdout)).toMatchObject({
        upstreams: { made: { url: made.url, timeoutSeconds: 5 } },
      });
      expect((await cli('upstreams', 'test', 'made')).stdout).toContain('made: up');
      expect((await cli('upstreams', 'remove', 'u')).stderr).toContain('comes from the configuration file');
      expect((await cli('upstreams', 'remove', 'made')).code).toBe(0);
      await until('no tool of it', async () => !(await ask('tools/list', {})).includes('made_tool'));
    } finally {
      made.close();
    }
  });
});

it('what was made is part of what "policy explain" and "policy check" say', async () => {
  await sallyport(folder.path, ['policy', 'push', write('guard.yaml', guard('wipe'))]);
  const env = { AGENT: 'token-of-the-agent', OPERATOR: key };
  const explained = await sallyport(folder.path, ['policy', 'explain', '--tool', 'wipe'], env);
  expect(explained.stdout).toContain('api:stop');
  const checked = await sallyport(folder.path, ['policy', 'check', '--json'], env);
  expect(JSON.parse(checked.stdout)).toMatchObject({ findings: [{ code: 'uncovered', target: 'echo' }] });
});
