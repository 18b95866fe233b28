import { describe, expect, test } from 'vitest';
import { asked, promptOf, toolOf } from '../../policy/policy-fixture.js';
import { decideTwice, faultsOfForeign, loadForeign, outcomeOf } from './dialect-fixture.js';
import { withoutComments } from './json-comments.js';

const environment = { GITHUB_TOKEN: 'ghp_0123456789', REGION: 'eu-1' };
const load = (value: unknown) => loadForeign('mcp.json', JSON.stringify(value), environment);
const upstreams = async (value: unknown) => (await load(value)).config.upstreams;

describe('the files of clients', () => {
  test.each<[client: string, file: object, expected: object]>([
    [
      'Claude Desktop',
      {
        mcpServers: { files: { command: 'npx', args: ['-y', 'fs', '/data'], env: { MODE: 'ro' } } },
        globalShortcut: '',
      },
      { files: { command: 'npx', args: ['-y', 'fs', '/data'], env: { MODE: 'ro' } } },
    ],
    [
      'Claude Code',
      {
        mcpServers: {
          api: {
            type: 'http',
            url: 'https://x.example/mcp',
            headers: { Authorization: `Bearer \${GITHUB_TOKEN}` },
          },
          local: {
            type: 'stdio',
            command: 'srv',
            args: ['--region', `\${REGION}`, `\${PORT:-80}`],
            env: { T: `\${GITHUB_TOKEN}` },
          },
        },
      },
      {
        api: {
          url: 'https://x.example/mcp',
          transport: 'http',
          headers: { Authorization: `Bearer \${env:GITHUB_TOKEN}` },
        },
        local: { args: ['--region', 'eu-1', '80'], env: { T: 'env:GITHUB_TOKEN' } },
      },
    ],
    [
      'Cursor',
      { mcpServers: { gh: { url: 'https://x.example/mcp', headers: { 'X-Key': `\${env:GITHUB_TOKEN}` } } } },
      { gh: { headers: { 'X-Key': 'env:GITHUB_TOKEN' } } },
    ],
    [
      'VS Code',
      {
        inputs: [{ id: 'api-key', type: 'promptString' }],
        servers: {
          old: { type: 'sse', url: 'https://x.example/sse', headers: { 'X-Key': `\${input:api-key}` } },
        },
      },
      { old: { url: 'https://x.example/sse', transport: 'sse', headers: { 'X-Key': 'env:API_KEY' } } },
    ],
    [
      'Gemini CLI',
      { mcpServers: { g: { httpUrl: 'https://x.example/mcp', headers: { K: '$GITHUB_TOKEN' } } } },
      { g: { headers: { K: 'env:GITHUB_TOKEN' } } },
    ],
    [
      'Windsurf',
      { mcpServers: { w: { serverUrl: 'https://x.example/mcp' } } },
      { w: { url: 'https://x.example/mcp' } },
    ],
    [
      'OpenCode',
      {
        mcp: {
          o: {
            type: 'local',
            command: ['bun', 'x', 'srv'],
            environment: { T: '{env:GITHUB_TOKEN}' },
            enabled: false,
          },
        },
      },
      { o: { command: 'bun', args: ['x', 'srv'], env: { T: 'env:GITHUB_TOKEN' }, enabled: false } },
    ],
    ['Zed', { context_servers: { z: { command: 'srv' } } }, { z: { command: 'srv', args: [] } }],
    [
      'Cline',
      { mcpServers: { c: { command: 'srv', disabled: true, autoApprove: ['x'] } } },
      { c: { enabled: false } },
    ],
    ['a bare list', { a: { command: 'srv' }, b: { url: 'http://127.0.0.1:1/mcp' } }, { a: {}, b: {} }],
    [
      'seed 002, the snippet for the agent',
      {
        mcpServers: {
          'research-tools-proxied': {
            url: 'http://127.0.0.1:7777/mcp',
            headers: { Authorization: `Bearer \${GATEWAY_AUTH_TOKEN}` },
          },
        },
      },
      {
        'research-tools-proxied': {
          url: 'http://127.0.0.1:7777/mcp',
          headers: { Authorization: `Bearer \${env:GATEWAY_AUTH_TOKEN}` },
        },
      },
    ],
  ])('%s', async (_client, file, expected) => {
    expect(await upstreams(file)).toMatchObject(expected);
  });

  test('may have comments and commas too many, and places stay true', async () => {
    const text =
      '{\n  // mine\n  "mcpServers": {\n    "a": { "command": "x", /* why */ "args": ["//no", "a,]"], },\n  },\n}\n';
    expect((await loadForeign('mcp.json', text)).config.upstreams.a).toMatchObject({ args: ['//no', 'a,]'] });
    expect(withoutComments(text)).toHaveLength(text.length);
    expect(await faultsOfForeign('mcp.json', text.replace('"args"', '"agrs"'))).toEqual([
      expect.stringContaining('mcp.json:4:38: mcpServers.a.agrs: unknown key "agrs"'),
    ]);
    const native = '{ "upstreams": {} /* no */ }';
    expect((await faultsOfForeign('sallyport.config.json', native)).join()).toContain('not valid JSON');
  });

  test('give ids of the letters that ids have, each its own', async () => {
    const { config } = await load({
      mcpServers: { 'My Server': { command: 'a' }, my_server: { command: 'b' } },
    });
    expect(Object.keys(config.upstreams)).toEqual(['my-server', 'my-server-2']);
    expect(config.warnings.join()).toContain('the server "My Server" has the id "my-server" here');
  });

  test('warn of secrets that are written out, and of what has no effect', async () => {
    const { config } = await load({
      mcpServers: { a: { command: 'x', env: { API_KEY: 'sk-12345' }, envFile: '.env' } },
      theme: 'dark',
    });
    const warnings = config.warnings.join('\n');
    expect(warnings).toContain('upstreams.a.env.API_KEY: the secret is written in the configuration');
    expect(warnings).toContain('envFile has no effect here yet');
    expect(warnings).toContain('theme: not about MCP servers');
    expect(warnings).toContain('every call is allowed and recorded');
    expect(warnings).not.toContain('sk-12345');
  });

  test('keep texts that only look like native references', async () => {
    const { config } = await load({ mcpServers: { a: { command: 'x', env: { DB: 'file:./dev.db' } } } });
    expect(config.upstreams.a).toMatchObject({ env: { DB: 'env:A_DB' } });
    expect(config.environment.A_DB).toBe('file:./dev.db');
  });
});

test('every call is allowed but for tools that the client leaves out', async () => {
  const loaded = await load({
    mcpServers: {
      all: { command: 'a', tools: ['*'] },
      some: { command: 'b', includeTools: ['read', 'find'] },
      less: { command: 'c', disabledTools: ['wipe', 'odd (1)'] },
    },
  });
  const outcome = (upstream: string, name: string) =>
    outcomeOf(loaded, asked(toolOf(name, {}, { upstream })));
  for (const name of [
    'read',
    'find',
    'wipe',
    'odd (1)',
    'pay',
    'send',
    'x_y',
    'A',
    'a.b',
    'deleteAll',
    'list',
    'get',
    'put',
  ])
    expect([name, outcome('all', name), outcome('some', name), outcome('less', name)]).toEqual([
      name,
      'allow',
      ['read', 'find'].includes(name) ? 'allow' : 'hide',
      ['wipe', 'odd (1)'].includes(name) ? 'hide' : 'allow',
    ]);
  for (const upstream of ['all', 'some', 'less']) {
    expect(outcomeOf(loaded, asked(promptOf('hello', [], upstream)))).toBe('allow');
    for (let index = 0; index < 10; index++)
      expect(decideTwice(loaded, asked(toolOf(`t${index}`, {}, { upstream }))).effect).toBe(
        upstream === 'some' ? 'hide' : 'allow',
      );
  }
});

describe('what is not understood is refused', () => {
  test.each<[object, string]>([
    [{ comand: 'x', url: 'http://127.0.0.1/' }, 'did you mean "command"?'],
    [{ args: [] }, 'found neither a command nor a URL'],
    [{ command: 'x', url: 'http://127.0.0.1/' }, 'found a command and a URL'],
    [{ url: 'http://127.0.0.1/', serverUrl: 'http://127.0.0.1/' }, 'is another name of "url"'],
    [{ type: 'ws', url: 'http://127.0.0.1/' }, 'found "ws"'],
    [{ type: 'stdio', url: 'http://127.0.0.1/' }, 'found "stdio" with a URL'],
    [{ url: 'ftp://x' }, 'expected an http or https URL'],
    [{ command: 'x', env: { A: [] } }, 'mcpServers.a.env.A: found no text'],
    [
      { command: 'x', args: [`\${NOT_SET_ANYWHERE}`] },
      'refers to the variable NOT_SET_ANYWHERE, which is not set',
    ],
    [{ command: 'x', args: [`\${command:pick}`] }, 'which only the client knows'],
    [{ command: 'x', env: { A: `file:\${HOME}/x` } }, 'a reference inside a text that begins as one itself'],
    [{ command: 'x', disabled: 'yes' }, 'expected true or false'],
  ])('%j', async (entry, reason) => {
    const text = JSON.stringify({ mcpServers: { a: entry } });
    expect((await faultsOfForeign('mcp.json', text)).join('\n')).toContain(reason);
  });
});
