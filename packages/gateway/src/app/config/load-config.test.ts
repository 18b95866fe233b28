import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from './load-config.js';

let cwd = '';
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'sallyport-config-'));
});
afterEach(() => rm(cwd, { recursive: true }));

const put = (name: string, text: string) => writeFile(join(cwd, name), text);
const minimal = 'upstreams: {}\n';

describe('finding the file', () => {
  it('takes the one in the folder, or the one that is named', async () => {
    await put('sallyport.config.yaml', minimal);
    await put('other.json', '{"upstreams":{},"log":{"level":"warn"}}');
    expect(await loadConfig({ cwd, environment: {} })).toMatchObject({
      file: join(cwd, 'sallyport.config.yaml'),
      baseDir: cwd,
    });
    expect(await loadConfig({ cwd, file: 'other.json', environment: {} })).toMatchObject({
      log: { level: 'warn' },
    });
    const environment = { SALLYPORT_CONFIG: 'other.json' };
    expect(await loadConfig({ cwd, environment })).toMatchObject({ log: { level: 'warn' } });
  });

  it('says which names it looked for, and refuses to choose between two files', async () => {
    await expect(loadConfig({ cwd, environment: {} })).rejects.toThrow(
      /found no configuration.*sallyport\.config\.ts/,
    );
    await put('sallyport.config.yaml', minimal);
    await put('sallyport.config.json', '{}');
    await expect(loadConfig({ cwd, environment: {} })).rejects.toThrow(
      /sallyport\.config\.yaml and sallyport\.config\.json/,
    );
    await expect(loadConfig({ cwd, file: 'gone.yaml', environment: {} })).rejects.toThrow(/found nothing at/);
  });
});

describe('a configuration in TypeScript', () => {
  it('loads in a bare folder, with types, enums and imports of its neighbours', async () => {
    await put('rules.ts', "export const rules = [{ id: 'a', effect: 'allow' as const }];");
    await put(
      'sallyport.config.ts',
      `import { defineConfig } from 'sallyport';
       import { rules } from './rules.js';
       enum Port { Agents = 7001 }
       export default defineConfig({ listen: { port: Port.Agents }, upstreams: {}, policy: { rules } } satisfies object);`,
    );
    const config = await loadConfig({ cwd, environment: {} });
    expect(config.listen.port).toBe(7001);
    expect(config.policy.rules).toMatchObject([{ id: 'a', effect: 'allow' }]);
  });

  it('is read anew each time', async () => {
    await put('sallyport.config.ts', 'export default { upstreams: {}, listen: { port: 7001 } }');
    await loadConfig({ cwd, environment: {} });
    await put('sallyport.config.ts', 'export default { upstreams: {}, listen: { port: 7002 } }');
    expect((await loadConfig({ cwd, environment: {} })).listen.port).toBe(7002);
  });

  it('names the place of a mistake', async () => {
    const refused = async (text: string) => {
      await put('sallyport.config.ts', text);
      return loadConfig({ cwd, environment: {} }).catch((cause: unknown) => cause);
    };
    const file = join(cwd, 'sallyport.config.ts');
    expect(await refused('export default {\n  upstreams: {\n')).toMatchObject({
      problems: [{ file, line: 3 }],
    });
    expect(await refused("\nthrow new Error('not today');")).toMatchObject({ problems: [{ file, line: 2 }] });
    expect(await refused("import 'left-pad-of-mine';")).toMatchObject({
      problems: [{ file, message: expect.stringContaining('"left-pad-of-mine"') as string }],
    });
    expect(await refused('export const config = {};')).toMatchObject({
      problems: [{ file, message: expect.stringContaining('export default defineConfig') as string }],
    });
  });
});

describe('precedence', () => {
  it('is flag, environment, .env, file, default, and each value knows where it came from', async () => {
    await put(
      'sallyport.config.yaml',
      'upstreams: {}\nlisten: { host: localhost, port: 7001 }\nlog: { level: warn }\n',
    );
    await put('.env', 'SALLYPORT_PORT=7002\nSALLYPORT_HOST=127.0.0.2\nSALLYPORT_LOG_LEVEL=error\n');
    const environment = { SALLYPORT_PORT: '7003', SALLYPORT_HOST: '127.0.0.3' };
    const config = await loadConfig({ cwd, environment, host: '127.0.0.4' });
    expect(config.listen).toMatchObject({ host: '127.0.0.4', port: 7003 });
    expect(config.log.level).toBe('error');
    expect(config.origins).toMatchObject({
      'listen.host': '--host',
      'listen.port': 'SALLYPORT_PORT',
      'log.level': 'SALLYPORT_LOG_LEVEL in .env',
      'listen.maxBodyBytes': 'default',
      upstreams: 'file',
    });
  });

  it('names the flag or variable that holds a wrong value', async () => {
    await put('sallyport.config.yaml', minimal);
    const environment = { SALLYPORT_PORT: 'high' };
    await expect(loadConfig({ cwd, environment, logLevel: 'loud' })).rejects.toMatchObject({
      problems: [
        { path: 'SALLYPORT_PORT', message: 'found "high"; expected a whole number' },
        { path: '--log-level', found: '"loud"' },
      ],
    });
  });

  it('keeps folders of the file relative to the file, and those of flags relative to the caller', async () => {
    await mkdir(join(cwd, 'deep'));
    await put(
      'deep/sallyport.config.yaml',
      'upstreams: { a: { command: node, cwd: server } }\ndataDir: data\n',
    );
    const file = 'deep/sallyport.config.yaml';
    const config = await loadConfig({ cwd, file, environment: {} });
    expect(config.dataDir).toBe(join(cwd, 'deep/data'));
    expect(config.upstreams.a).toMatchObject({ cwd: join(cwd, 'deep/server') });
    expect((await loadConfig({ cwd, file, dataDir: 'data', environment: {} })).dataDir).toBe(
      join(cwd, 'data'),
    );
  });
});

describe('the folder of the store', () => {
  it.each([
    ['taken', 'a file'],
    ['taken/below', 'a path that leads through a file'],
  ])('is refused with its place where %j is %s', async (dataDir, what) => {
    await put('taken', '');
    await put('sallyport.config.yaml', `upstreams: {}\ndataDir: ${dataDir}\n`);
    const found = JSON.stringify(join(cwd, dataDir));
    const message = `found ${what} at ${found}; expected a folder, or nothing yet`;
    await expect(loadConfig({ cwd, environment: {} })).rejects.toMatchObject({
      problems: [{ path: 'dataDir', line: 2, message }],
    });
    await expect(loadConfig({ cwd, environment: {}, dataDir })).rejects.toMatchObject({
      problems: [{ path: '--data-dir', message }],
    });
    await expect(loadConfig({ cwd, environment: {}, dataDir: 'free' })).resolves.toBeDefined();
  });

  it('is looked at where nobody names it, too', async () => {
    await put('.sallyport', '');
    await put('sallyport.config.yaml', minimal);
    await expect(loadConfig({ cwd, environment: {} })).rejects.toThrow(/dataDir: found a file at/);
  });
});

describe('the environment', () => {
  it('is given on with what .env adds and never changes, and the process keeps its own', async () => {
    await put('sallyport.config.yaml', minimal);
    await put('.env', 'SECRET_OF_TEST="from file"\nTAKEN=from file\n');
    const config = await loadConfig({ cwd, environment: { TAKEN: 'real' } });
    expect(config.environment).toEqual({ SECRET_OF_TEST: 'from file', TAKEN: 'real' });
    expect(process.env.SECRET_OF_TEST).toBeUndefined();
  });

  it('is asked about variables that look like ours, unless the configuration refers to them', async () => {
    await put(
      'sallyport.config.yaml',
      'upstreams: { a: { command: x, env: { TOKEN: "env:SALLYPORT_MINE" } } }\n',
    );
    const environment = { SALLYPORT_PROT: '1', SALLYPORT_MINE: 'x' };
    const { warnings } = await loadConfig({ cwd, environment });
    expect(warnings).toEqual([
      'the variable SALLYPORT_PROT is not known and has no effect; did you mean SALLYPORT_PORT?',
    ]);
  });
});

describe('what is accepted and still questionable', () => {
  it('is a secret that is written in the file', async () => {
    await put(
      'sallyport.config.yaml',
      `upstreams:
  a: { url: "https://x.example", headers: { Authorization: "Bearer abcdefgh", X-Plain: x, X-Api-Key: "env:KEY" } }
  b: { command: x, env: { DB_PASSWORD: abcdefgh, LANG: C, GITHUB_TOKEN: "x-\${env:T}" } }
`,
    );
    const { warnings } = await loadConfig({ cwd, environment: {} });
    expect(warnings.map((warning) => warning.split(':')[0])).toEqual([
      'upstreams.a.headers.Authorization',
      'upstreams.b.env.DB_PASSWORD',
    ]);
    expect(warnings.join()).not.toContain('abcdefgh');
  });
});

it('knows where each rule stands', async () => {
  await put('sallyport.config.yaml', 'upstreams: {}\npolicy:\n  rules:\n    - id: a\n      effect: deny\n');
  const config = await loadConfig({ cwd, environment: {} });
  expect(config.ruleOrigins).toMatchObject({ a: { file: config.file, line: 4, column: 7 } });
});

it('knows where each part of a rule stands', async () => {
  const rule =
    '    - id: a\n      effect: deny\n      match:\n        tools: [x, y]\n      when: args.x == 1\n';
  await put('sallyport.config.yaml', `upstreams: {}\npolicy:\n  rules:\n${rule}`);
  const { ruleOrigins } = await loadConfig({ cwd, environment: {} });
  expect(ruleOrigins.a?.parts).toMatchObject({
    effect: { line: 5, column: 7 },
    match: { line: 6, column: 7 },
    'match.tools': { line: 7, column: 9 },
    'match.tools.1': { line: 7, column: 20 },
    when: { line: 8, column: 7 },
  });
});
