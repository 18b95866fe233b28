import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError, type ConfigProblem } from './config-error.js';
import { loadConfig } from './load-config.js';
import { validateConfig } from './validate-config.js';

const upstreams = { files: { command: 'node' } };

function problemsOf(raw: unknown): readonly ConfigProblem[] {
  try {
    validateConfig(raw);
  } catch (cause) {
    if (cause instanceof ConfigError) return cause.problems;
    throw cause;
  }
  return [];
}

describe('a configuration as a whole', () => {
  it('fills in every default', () => {
    const config = validateConfig({ upstreams });
    expect(config.listen).toEqual({ host: '127.0.0.1', port: 7777, maxBodyBytes: 4_194_304 });
    expect(config.policy).toEqual({ default: 'deny', rules: [] });
    expect(config.auth).toEqual({ mode: 'keys', tokens: [], issuers: [] });
    expect(config.upstreams.files).toEqual({
      command: 'node',
      args: [],
      env: {},
      timeoutSeconds: 60,
      startTimeoutSeconds: 20,
      arguments: 'closed',
      enabled: true,
      sessions: 'principal',
      idleSeconds: 600,
      maxSessions: 64,
      maxSessionsPerPrincipal: 16,
      stopWhenIdle: false,
    });
  });

  it('refuses a zone of a limit that begins anew at no midnight', () => {
    const zone = 'Europe/Berlin';
    const cost = { fixed: 1 };
    const limits = [
      { kind: 'rate', max: 1, windowSeconds: 86_400, zone },
      { kind: 'rate', max: 1, windowSeconds: 60, algorithm: 'fixed', zone },
      { kind: 'budget', max: 1, window: 'hour', zone, cost },
      { kind: 'rate', max: 1, windowSeconds: 86_400, algorithm: 'fixed', zone },
      { kind: 'budget', max: 1, window: 'day', zone, cost },
    ];
    const found = problemsOf({ upstreams, policy: { rules: [{ id: 'r', effect: 'limit', limits }] } });
    expect(found.map(({ path }) => path)).toEqual(
      [0, 1, 2].map((at) => `policy.rules[0].limits[${at}].zone`),
    );
    expect(found[0]?.message).toContain('has no effect here');
  });

  it('reports every problem at once, those between fields included', () => {
    const problems = problemsOf({
      listen: { host: '0.0.0.0', port: 'abc', maxBodyBytes: 1 },
      auth: { mode: 'none' },
      upstreams: { files: { command: 5 }, Bad: { url: 'ftp://x' } },
      policy: {
        default: 'ask',
        rules: [
          { id: 'a', effect: 'deny' },
          { id: 'a', effect: 'no' },
        ],
      },
      nonsense: true,
    });
    expect(problems.map(({ path }) => path).sort()).toEqual([
      'listen.host',
      'listen.maxBodyBytes',
      'listen.port',
      'nonsense',
      'policy.default',
      'policy.rules[1].effect',
      'policy.rules[1].id',
      'upstreams.Bad',
      'upstreams.Bad.url',
      'upstreams.files.command',
    ]);
  });
});

describe('a problem', () => {
  it.each([
    [{ upstreams, listen: { port: 'abc' } }, 'listen.port', 'found "abc"; expected a whole number'],
    [{ upstreams, listen: { port: 70_000 } }, 'listen.port', 'found 70000; expected at most 65535'],
    [
      { upstreams, limits: { concurrentCallsPerPrincipal: 0 } },
      'limits.concurrentCallsPerPrincipal',
      'found 0; expected at least 1',
    ],
    [{}, 'upstreams', 'found nothing; expected a mapping'],
    [{ upstreams, policy: { default: 'ask' } }, 'policy.default', 'found "ask"; expected "deny" or "allow"'],
    [
      { upstreams: { a: { url: 'nowhere' } } },
      'upstreams.a.url',
      'found "nowhere"; expected an http or https URL',
    ],
    [{ upstreams: { a: { command: '' } } }, 'upstreams.a.command', 'found ""; expected at least 1 character'],
    [{ upstreams, listen: 5 }, 'listen', 'found 5; expected a mapping'],
    [{ upstreams, listen: { allowedHosts: 'x' } }, 'listen.allowedHosts', 'found "x"; expected a list'],
  ])('names place, found and expected: %j', (raw, path, message) => {
    expect(problemsOf(raw)).toMatchObject([{ path, message }]);
  });

  it('names the nearest known key for an unknown one', () => {
    const [problem] = problemsOf({ upstreams, listen: { prot: 1 } });
    expect(problem).toMatchObject({ path: 'listen.prot', found: '"prot"' });
    expect(problem?.message).toContain('did you mean "port"?');
  });

  it('names the nearest key of the kind of upstream that was meant', () => {
    const [first, ...more] = problemsOf({ upstreams: { a: { url: 'https://x.example', header: {} } } });
    expect(more).toEqual([]);
    expect(first?.path).toBe('upstreams.a.header');
    expect(first?.message).toContain('did you mean "headers"?');
  });

  it('says which kinds of upstream there are when it is neither or both', () => {
    for (const upstream of [{}, { command: 'node', url: 'https://x.example' }]) {
      const [problem] = problemsOf({ upstreams: { a: upstream } });
      expect(problem?.path).toBe('upstreams.a');
      expect(problem?.message).toContain(
        'either "command" (a program to start) or "url" (a server to reach)',
      );
    }
    const misspelt = problemsOf({ upstreams: { a: { comand: 'node' } } });
    expect(misspelt.some(({ message }) => message.includes('did you mean "command"?'))).toBe(true);
  });

  it('never repeats the value of something secret-like', () => {
    const secret = 'hunter2-hunter2';
    const problems = problemsOf({
      auth: { tokens: [{ principal: 'a', tokens: [secret], roles: ['agent'] }] },
      upstreams: {
        a: { url: 'https://x.example', headers: { Authorization: { value: secret } } },
        b: { command: 'x', env: { API_KEY: 5 } },
      },
    });
    expect(problems.map(({ path }) => path)).toEqual([
      'auth.tokens[0].tokens[0]',
      'upstreams.a.headers.Authorization',
      'upstreams.b.env.API_KEY',
    ]);
    expect(JSON.stringify(problems)).not.toContain(secret);
  });

  it('shows a reference that cannot mean anything', () => {
    const [problem] = problemsOf({
      upstreams: { a: { url: 'https://x.example', headers: { A: 'env:two words' } } },
    });
    expect(problem?.path).toBe('upstreams.a.headers.A');
    expect(problem?.message).toContain('env:two words');
  });

  it('refuses the name __proto__ like any unknown key', () => {
    expect(problemsOf(JSON.parse('{"upstreams":{},"__proto__":{"x":1}}'))).toMatchObject([
      { path: '__proto__' },
    ]);
  });
});

describe('a problem in a file', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-config-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function problemsIn(name: string, text: string | Uint8Array): Promise<readonly ConfigProblem[]> {
    const file = join(folder, name);
    await writeFile(file, text);
    const refused = await loadConfig({ file, environment: {} }).catch((cause: unknown) => cause);
    return refused instanceof ConfigError ? refused.problems : [];
  }

  it('carries line and column in YAML, in the order of the file', async () => {
    const text =
      'upstreams:\n  files:\n    command: node\nlisten:\n  port: high\n  prot: 1\npolicy:\n  rules:\n    - id: a\n      effect: perhaps\n';
    expect(await problemsIn('a.yaml', text)).toMatchObject([
      { path: 'listen.port', line: 5, column: 3 },
      { path: 'listen.prot', line: 6, column: 3 },
      { path: 'policy.rules[0].effect', line: 10, column: 7 },
    ]);
  });

  it('carries line and column in JSON', async () => {
    const text = '{\n  "upstreams": {},\n  "listen": {\n    "port": -1\n  }\n}';
    expect(await problemsIn('a.json', text)).toMatchObject([{ path: 'listen.port', line: 4, column: 5 }]);
  });

  it('is reported where the text itself is wrong', async () => {
    expect(await problemsIn('b.json', '{\n "a": 1,\n "a": 2}')).toMatchObject([{ line: 3 }]);
    expect(await problemsIn('b.yaml', 'upstreams: {}\nupstreams: {}\n')).toMatchObject([
      { line: 2, column: 1 },
    ]);
    expect(await problemsIn('c.yaml', 'upstreams: [\n')).toMatchObject([{ file: join(folder, 'c.yaml') }]);
    expect(await problemsIn('d.yaml', Uint8Array.of(0xff, 0xfe))).toMatchObject([
      { file: join(folder, 'd.yaml') },
    ]);
    expect(await problemsIn('e.yaml', 'upstreams: !!js/function x\n')).toMatchObject([{ line: 1 }]);
  });

  it('is a bomb of aliases', async () => {
    const layers = Array.from(
      { length: 12 },
      (_, n) => `l${n + 1}: &l${n + 1} [${`*l${n}, `.repeat(9)}*l${n}]`,
    );
    const [problem] = await problemsIn('bomb.yaml', `l0: &l0 x\n${layers.join('\n')}\n`);
    expect(problem?.message).toContain('aliases');
  });
});
