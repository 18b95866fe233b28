import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  childEnvironment,
  gatewayMain,
  sallyport,
  scratchFolder,
  startGateway,
  until,
  writeConfig,
} from './gateway-process.js';
import { realServers, sampleFolder } from './real-servers.js';

const scratch = scratchFolder();
afterAll(scratch.remove);

/** A folder of its own for each test, so that no configuration is found by accident. */
function folder(name: string): string {
  const path = join(scratch.path, name);
  mkdirSync(path);
  return path;
}

const governed = (files: string) => ({
  upstreams: realServers(files),
  policy: {
    rules: [
      { id: 'reads', match: { tools: ['read_*'] }, effect: 'allow' },
      {
        id: 'private',
        match: { tools: ['read_text_file'] },
        when: 'args.path.contains("private")',
        effect: 'deny',
      },
    ],
  },
});

describe('exit codes and messages', () => {
  it.each([
    [['--help'], 0, 'Usage: sallyport'],
    [['keys', 'create', '--help'], 0, '--principal'],
    [['run', '--help'], 0, '(repeatable) (default: none)'],
    [['--version'], 0, '0.1.0'],
    [['version', '--json'], 0, '"version": "0.1.0"'],
  ])('%j answers on stdout and ends with %i', async (args, code, text) => {
    const ended = await sallyport(scratch.path, args);
    expect(ended).toMatchObject({ code, stderr: '' });
    expect(ended.stdout).toContain(text);
  });

  it.each([
    [[], 2, 'Usage: sallyport'],
    [['strat'], 2, "error: unknown command 'strat'\n(Did you mean start?)"],
    [['start', '--prot', '1'], 2, "error: unknown option '--prot'"],
    [['keys'], 2, 'Usage: sallyport keys'],
    [['keys', 'create'], 2, "error: required option '--principal <name>' not specified"],
    [['keys', 'create', '--principal', 'a b'], 2, 'error: --principal: found "a b"; expected a name'],
    [
      ['keys', 'create', '--principal', 'a', '--roles', 'root'],
      2,
      'expected one or more of agent, approver, auditor',
    ],
    [
      ['keys', 'create', '--principal', 'a', '--expires', 'soon'],
      2,
      'error: --expires: found "soon"; expected a duration',
    ],
    [['keys', 'revoke'], 2, "error: missing required argument 'id'"],
    [['audit', 'query', '--type', 'call.decidde'], 2, 'did you mean call.decided?'],
    [['audit', 'query', '--since', 'yesterday'], 2, 'error: --since: found "yesterday"; expected a time'],
    [['audit', 'query', '--limit', '0'], 2, 'error: --limit: found "0"; expected a whole number from 1'],
    [
      ['audit', 'query', '--effect', 'maybe'],
      2,
      "'maybe' is invalid. Allowed choices are allow, ask, deny, hide.",
    ],
    [
      ['policy', 'explain', '--tool', 't', '--args', '[1]'],
      2,
      'error: --args: found "[1]"; expected a JSON object',
    ],
    [['policy', 'explain', '--tool', 't', '--args', '{"a":1,"a":2}'], 2, 'error: --args:'],
    [['policy', 'explain'], 2, 'error: expected exactly one of --tool, --prompt and --resource'],
    [['policy', 'explain', '--tool', 't', '--prompt', 'p'], 2, 'error: expected exactly one of --tool'],
    [
      ['policy', 'explain', '--tool', 't', '--method', 'tools/list'],
      2,
      'error: --method: found "tools/list"',
    ],
    [['policy', 'explain', '--tool', 't', '--at', 'noon'], 2, 'error: --at: found "noon"; expected a time'],
    [['run'], 2, 'error: run: found no server; expected "-- COMMAND [ARGUMENT...]" or "--url URL"'],
    [['run', '--url', 'nowhere'], 2, 'error: --url: found "nowhere"; expected an http or https URL'],
    [['demo', '--config', 'x.yaml'], 2, "error: unknown option '--config'"],
    [['demo', '--port', 'x'], 2, 'error: --port: found "x"; expected a whole number'],
    [['start'], 1, 'error: found no configuration in'],
    [['stdio'], 1, 'error: found no configuration in'],
    [['config', 'check'], 1, 'error: found no configuration in'],
    [['start', '--config', 'gone.yaml'], 1, 'error: found nothing at'],
    [
      ['audit', 'query'],
      1,
      'found no store; expected one that a gateway has written; name the folder with --data-dir',
    ],
    [['keys', 'list'], 1, 'found no store'],
  ])('%j ends with %i and says what is wrong on stderr, without a stack trace', async (args, code, text) => {
    const ended = await sallyport(scratch.path, args);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toContain(text);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
  });

  it('shows the stack trace with --verbose only', async () => {
    const ended = await sallyport(scratch.path, ['start', '--config', 'gone.yaml', '--verbose']);
    expect(ended.stderr).toMatch(/^\s+at /m);
  });

  it('does not listen beyond this machine before anybody may call', async () => {
    const cwd = folder('exposed');
    writeConfig(cwd, { upstreams: {}, listen: { host: '0.0.0.0', port: 0 } });
    const ended = await sallyport(cwd, ['start']);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(
      'error: listen.host: found "0.0.0.0" and nobody who may call; expected a key',
    );
  });

  it('starts nothing and says so when the port is taken', async () => {
    const cwd = folder('taken');
    const gateway = await startGateway(cwd, { upstreams: {}, auth: { mode: 'none' } });
    const second = folder('taken/second');
    writeConfig(second, { upstreams: {}, listen: { port: Number(new URL(gateway.baseUrl).port) } });
    const ended = await sallyport(second, ['start']);
    await gateway.stop();
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('another program listens there');
  });
});

describe('config', () => {
  it('check reports every problem with its place, as text and as JSON', async () => {
    const cwd = folder('check');
    writeFileSync(
      join(cwd, 'sallyport.config.yaml'),
      'upstreams:\n  a: { comand: x }\nlisten:\n  prot: 1\n  port: high\npolicy:\n  default: maybe\n',
    );
    const ended = await sallyport(cwd, ['config', 'check']);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(
      /sallyport\.config\.yaml:4:3: listen\.prot: unknown key "prot".*did you mean "port"/,
    );
    expect(ended.stderr).toMatch(/:5:3: listen\.port: found "high"; expected a whole number/);
    expect(ended.stderr).toMatch(/:7:3: policy\.default: found "maybe"; expected "deny" or "allow"/);
    expect(ended.stderr).toMatch(/did you mean "command"/);
    const json = await sallyport(cwd, ['config', 'check', '--json']);
    expect(json).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(json.stdout)).toMatchObject({
      valid: false,
      problems: expect.arrayContaining([
        expect.objectContaining({ path: 'listen.port', line: 5, found: '"high"' }),
      ]) as unknown,
    });
  });

  it('check finds a condition that cannot be read, and with --connect one that names no argument', async () => {
    const cwd = folder('conditions');
    const files = sampleFolder(cwd);
    const withCondition = (when: string) => ({
      upstreams: { files: realServers(files).files },
      policy: { rules: [{ id: 'odd', match: { tools: ['read_text_file'] }, when, effect: 'deny' }] },
    });
    writeConfig(cwd, withCondition('args.path.contains('));
    expect(await sallyport(cwd, ['config', 'check'])).toMatchObject({ code: 1 });
    writeConfig(cwd, withCondition('args.pth.contains("x")'));
    expect(await sallyport(cwd, ['config', 'check'])).toMatchObject({ code: 0 });
    const ended = await sallyport(cwd, ['config', 'check', '--connect']);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('did you mean "path"?');
    const json = await sallyport(cwd, ['config', 'check', '--connect', '--json']);
    const place = { file: expect.stringContaining('sallyport.config'), line: expect.any(Number) };
    expect(JSON.parse(json.stdout).problems).toMatchObject([{ path: 'policy.rules.odd', ...place }]);
  });

  it('show prints what is in effect, where it came from, and no secret', async () => {
    const cwd = folder('show');
    const secret = 'hunter2-hunter2';
    writeFileSync(join(cwd, '.env'), `SALLYPORT_LOG_LEVEL=warn\nTOKEN=${secret}\n`);
    writeConfig(cwd, {
      upstreams: {
        a: {
          url: 'https://x.example/mcp',
          headers: { Authorization: `Bearer ${secret}`, 'X-Other': 'env:TOKEN' },
        },
      },
    });
    const ended = await sallyport(cwd, ['config', 'show'], { SALLYPORT_PORT: '7123' });
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain('port: 7123 # SALLYPORT_PORT');
    expect(ended.stdout).toContain('level: warn # SALLYPORT_LOG_LEVEL in .env');
    expect(ended.stdout).toContain('host: 127.0.0.1 # default');
    expect(ended.stdout).toContain('X-Other: env:TOKEN # file');
    expect(ended.stderr).toContain('warning: upstreams.a.headers.Authorization');
    expect(ended.stdout + ended.stderr).not.toContain(secret);
    const json = await sallyport(cwd, ['config', 'show', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      origins: { 'log.level': 'SALLYPORT_LOG_LEVEL in .env' },
    });
  });
});

describe('keys', () => {
  it('are made, listed, replaced and ended, and each change is on record', async () => {
    const cwd = folder('keys');
    writeConfig(cwd, { upstreams: {} });
    const made = await sallyport(cwd, [
      'keys',
      'create',
      '--principal',
      'agent-a',
      '--label',
      'team=x',
      '--expires',
      '7d',
    ]);
    const key = made.stdout.trim();
    expect(key).toMatch(/^sp_live_[a-z0-9]{8}_[A-Za-z0-9_-]{43}_[A-Za-z0-9]{6}$/);
    expect(made.stderr).toContain('it is not shown again');
    expect(made.stderr).not.toContain(key);

    const list = await sallyport(cwd, ['keys', 'list', '--json']);
    const [listed] = (JSON.parse(list.stdout) as { keys: { id: string; state: string; principal: string }[] })
      .keys;
    expect(listed).toMatchObject({
      principal: 'agent-a',
      state: 'active',
      labels: { team: 'x' },
      roles: ['agent'],
    });
    const id = listed?.id ?? '';
    expect(key).toContain(`_${id}_`);
    expect(list.stdout).not.toContain(key.split('_').at(-2));

    const rotated = await sallyport(cwd, ['keys', 'rotate', id, '--overlap', '1h', '--json']);
    expect(JSON.parse(rotated.stdout)).toMatchObject({
      principal: 'agent-a',
      rotatedFrom: id,
      key: expect.stringMatching(/^sp_live_/) as string,
    });
    expect(await sallyport(cwd, ['keys', 'revoke', id])).toMatchObject({ code: 0, stdout: '' });
    const again = await sallyport(cwd, ['keys', 'revoke', id]);
    expect(again).toMatchObject({ code: 1, stderr: `error: key ${id} of agent-a is revoked already\n` });
    const unknown = await sallyport(cwd, ['keys', 'revoke', 'nokey000']);
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('"sallyport keys list" shows the ids');

    const trail = await sallyport(cwd, ['audit', 'query', '--json']);
    const types = trail.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: string }).type);
    expect(types).toEqual(['key.created', 'key.rotated', 'key.revoked']);
    expect(trail.stdout).not.toContain(key);
  });

  it('work at a running gateway at once, and stop working when they are revoked', async () => {
    const cwd = folder('live');
    const gateway = await startGateway(cwd, governed(sampleFolder(cwd)));
    try {
      const hint = 'Make a key: sallyport keys create --principal NAME';
      await until('the hint', () => gateway.log().includes(hint));
      const { stdout } = await sallyport(cwd, ['keys', 'create', '--principal', 'agent-a', '--json']);
      const { id, key } = JSON.parse(stdout) as { id: string; key: string };
      const ask = async (path: string) => {
        const response = await fetch(`${gateway.baseUrl}/mcp`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body: JSON.stringify({
            jsonrpc: '2.0',
            id: 1,
            method: 'tools/call',
            params: { name: 'read_text_file', arguments: { path } },
          }),
        });
        return { status: response.status, text: await response.text() };
      };
      expect((await ask('hello.txt')).text).toContain('Grüße');
      expect((await ask('private/x')).text).toContain('private');
      await sallyport(cwd, ['keys', 'revoke', id]);
      await until('the revoked key to be refused', async () => (await ask('hello.txt')).status === 401);

      const denied = await sallyport(cwd, ['audit', 'query', '--effect', 'deny', '--caller', 'agent-a']);
      expect(denied.stdout).toMatch(/call\.decided +agent-a +files:read_text_file +deny +rule private/);
      const none = await sallyport(cwd, ['audit', 'query', '--rule', 'no-such-rule']);
      expect(none).toMatchObject({ code: 0, stdout: '', stderr: 'No record fits.\n' });
      const explained = await sallyport(cwd, [
        'policy',
        'explain',
        '--tool',
        'read_text_file',
        '--args',
        '{"path":"private/x"}',
        '--as',
        id,
        '--json',
      ]);
      expect(JSON.parse(explained.stdout)).toMatchObject({
        call: { principal: 'agent-a' },
        decision: { effect: 'deny', rule: 'private' },
      });
      const text = await sallyport(cwd, [
        'policy',
        'explain',
        '--tool',
        'read_text_file',
        '--args',
        '{"path":"private/x"}',
      ]);
      expect(text.stdout).toContain('args.path = "private/x"');
    } finally {
      await gateway.stop();
    }
  });
});

describe('policy explain', () => {
  it('refuses the arguments that the gateway refuses, and says what the policy alone answers', async () => {
    const cwd = folder('explain');
    writeConfig(cwd, { upstreams: realServers(sampleFolder(cwd)), policy: { default: 'allow' } });
    const explained = (args: string, ...more: string[]) =>
      sallyport(cwd, ['policy', 'explain', '--tool', 'read_text_file', '--args', args, ...more]);
    const wrong = await explained('{"pth":"x"}');
    expect(wrong.stdout).toMatch(/^REFUSED as invalid_arguments: /);
    expect(wrong.stdout).toContain('The policy alone answers ALLOW by default');
    const json = await explained('{"path":5}', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      invalidArguments: 'The argument at "/path" must be string.',
      decision: { effect: 'allow' },
    });
    expect((await explained('{"path":"x"}')).stdout).toMatch(/^ALLOW by default/);
  });

  it('answers for a time that is named, and says what a person is asked and what is on trial', async () => {
    const cwd = folder('explain-rules');
    const rules = [
      { id: 'office', effect: 'allow', during: ['mon-fri 09:00-17:00 Europe/Berlin'] },
      { id: 'own', effect: 'ask', match: { tools: ['write_*'] }, reason: 'Ann looks.' },
      { id: 'trial', effect: 'deny', match: { tools: ['write_*'] }, shadow: true },
    ];
    writeConfig(cwd, { upstreams: realServers(sampleFolder(cwd)), policy: { rules } });
    const explained = async (tool: string, args: string, at: string) => {
      const options = ['--tool', tool, '--args', args, '--at', at];
      return (await sallyport(cwd, ['policy', 'explain', ...options])).stdout;
    };
    const open = await explained('read_text_file', '{"path":"x"}', '2026-06-10T09:00:00+02:00');
    expect(open).toMatch(/^ALLOW by rule "office"/);
    const closed = await explained('read_text_file', '{"path":"x"}', '2026-06-10T08:59:59.999+02:00');
    expect(closed).toMatch(/^DENY by default/);
    expect(closed).toContain('during mon-fri 09:00-17:00 Europe/Berlin -> closed');
    const asking = await explained('write_file', '{"path":"x","content":""}', '2026-06-10T09:00:00+02:00');
    expect(asking).toMatch(/^ASK by rule "own": A person must approve it first, by rule "own": Ann looks\./);
    expect(asking).toContain('With the rules on trial: deny');
    expect(asking).toContain('* trial (deny, on trial): applies');
  });
});

describe('a store that is none', () => {
  it.each([
    ['audit', 'query'],
    ['keys', 'list'],
    ['keys', 'create', '--principal', 'a'],
    ['start'],
    ['stdio'],
  ])('is named by %s %s', async (...args) => {
    const cwd = folder(`no-store-${args.slice(0, 2).join('-')}`);
    writeConfig(cwd, { upstreams: {}, dataDir: 'data' });
    mkdirSync(join(cwd, 'data'));
    const file = join(cwd, 'data/sallyport.db');
    writeFileSync(file, 'This is a letter to a friend, and a long one, so it is no database at all.');
    const ended = await sallyport(cwd, args);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain(
      `error: ${file}: file is not a database; expected a database of sallyport`,
    );
  });
});

describe('audit tail', () => {
  it('prints records as they are written, until a signal', async () => {
    const cwd = folder('tail');
    writeConfig(cwd, { upstreams: {} });
    await sallyport(cwd, ['keys', 'create', '--principal', 'first']);
    const child = spawn(process.execPath, [gatewayMain, 'audit', 'tail', '--json'], {
      cwd,
      env: childEnvironment(cwd),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let seen = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      seen += text;
    });
    await until('the record from before', () => seen.includes('"principal":"first"'));
    await sallyport(cwd, ['keys', 'create', '--principal', 'second']);
    await until('the new record', () => seen.includes('"principal":"second"'));
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    expect(seen.trim().split('\n')).toHaveLength(2);
  });
});

describe('start', () => {
  it('takes a changed configuration, keeps the old one when the new one is wrong, and drains on SIGTERM', async () => {
    const cwd = folder('reload');
    const gateway = await startGateway(cwd, { upstreams: {}, auth: { mode: 'none' } });
    try {
      const file = join(cwd, 'sallyport.config.yaml');
      const config = JSON.parse(readFileSync(file, 'utf8')) as object;
      writeFileSync(file, JSON.stringify({ ...config, policy: { default: 'allow' } }));
      await until('the change', () => gateway.log().includes('the configuration was changed'));
      writeFileSync(file, '{"upstreams": 5}');
      await until('the refusal', () => gateway.log().includes('the changed configuration was refused'));
      expect(gateway.log()).toContain('found 5');
      const readiness = await fetch(`${gateway.baseUrl}/readyz`);
      expect(readiness.status).toBe(200);
      expect(await readiness.text()).toContain('the last change was refused');
      writeFileSync(file, JSON.stringify({ ...config, policy: { default: 'deny' } }));
      gateway.child.kill('SIGHUP');
      await until('the next change', () => gateway.log().split('the configuration was changed').length > 2);
      const ended = once(gateway.child, 'exit');
      gateway.child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
    } finally {
      await gateway.stop();
    }
  });
});

describe('run', () => {
  const hello = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: { message: 'hi' } } })}\n`;

  async function speak(cwd: string, args: readonly string[], input: string) {
    const env = { ...childEnvironment(cwd), XDG_DATA_HOME: join(cwd, 'data') };
    const child = spawn(process.execPath, [gatewayMain, 'run', ...args], { cwd, env });
    const text = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (more: string) => {
      text.out += more;
    });
    child.stderr.setEncoding('utf8').on('data', (more: string) => {
      text.err += more;
    });
    child.stdin.end(input);
    const [code] = (await once(child, 'close')) as [number];
    return { code, ...text };
  }

  it('puts one server behind the gateway without any configuration, and records what is called', async () => {
    const cwd = folder('run');
    const { command, args } = realServers(cwd).everything;
    const ended = await speak(cwd, ['--as', 'me', '--', command, ...args], hello);
    expect(ended.code).toBe(0);
    for (const line of ended.out.trim().split('\n'))
      expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
    expect(ended.out).toContain('Echo: hi');
    const [, flag = '', dataDir = ''] = /npx sallyport audit tail (--data-dir) (\S+)\n/.exec(ended.err) ?? [];
    expect(dataDir).toBe(join(cwd, 'data/sallyport/run'));
    expect(ended.err.split('audit tail')).toHaveLength(2);
    const trail = await sallyport(scratch.path, ['audit', 'query', flag, dataDir, '--caller', 'me']);
    expect(trail.stdout).toMatch(/call\.decided +me +everything:echo +allow/);
  });

  it('says why a server does not start and ends with 1', async () => {
    const cwd = folder('run-broken');
    const ended = await speak(
      cwd,
      ['--', process.execPath, '-e', 'console.error("no disk"); process.exit(3)'],
      hello,
    );
    expect(ended.code).toBe(1);
    expect(ended.err).toContain('the server did not start: ');
    expect(ended.err).toContain('no disk');
  });
});

describe('demo', () => {
  let screen = '';
  let stderr = '';
  const cwd = join(scratch.path, 'demo');
  const demo = () => {
    const env = childEnvironment(cwd);
    const child = spawn(process.execPath, [gatewayMain, 'demo'], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      screen += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    return child;
  };
  let child: ReturnType<typeof demo>;
  beforeAll(async () => {
    mkdirSync(cwd);
    child = demo();
    await until('the first screen', () => screen.includes('Ctrl-C ends'));
  });
  afterAll(() => void child.kill('SIGKILL'));

  it('prints three lines that do what they say', async () => {
    const lines = screen.split('\n').filter((line) => line.startsWith('curl '));
    const answers: string[] = [];
    for (const line of lines) {
      const curl = spawn('sh', ['-c', line], { stdio: ['ignore', 'pipe', 'inherit'] });
      let answer = '';
      curl.stdout.setEncoding('utf8').on('data', (text: string) => {
        answer += text;
      });
      await once(curl, 'close');
      answers.push(answer);
    }
    const [allowed, denied, trail] = answers.map((answer) => JSON.parse(answer) as Record<string, unknown>);
    expect(JSON.stringify(allowed)).toContain('An agent reads this file through the gateway');
    expect(denied).toMatchObject({ result: { isError: true } });
    expect(JSON.stringify(denied)).toContain('This agent may read files, not change them.');
    expect(trail?.records).toHaveLength(5);
  });

  it('ends with its servers on Ctrl-C', async () => {
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    expect(stderr).not.toMatch(/error/i);
  });
});
