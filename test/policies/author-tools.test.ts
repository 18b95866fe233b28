import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { sallyport, scratchFolder, startGateway, writeConfig } from '../e2e/gateway-process.js';
import { legacyClient } from '../e2e/raw-client.js';
import { realServers, sampleFolder } from '../e2e/real-servers.js';

const scratch = scratchFolder();
afterAll(scratch.remove);
const files = { files: realServers(sampleFolder(scratch.path)).files };

const rules = [
  { id: 'reads', match: { tools: ['read_text_file'] }, effect: 'allow' },
  {
    id: 'private',
    match: { tools: ['read_text_file'] },
    when: 'args.path.contains("private")',
    effect: 'deny',
  },
];

/** A folder with a configuration in front of the file server. */
function project(name: string, more: object = {}): string {
  const folder = join(scratch.path, name);
  mkdirSync(folder);
  writeConfig(folder, { upstreams: files, auth: { mode: 'none' }, policy: { rules }, ...more });
  return folder;
}

/** The rules and the cases of a project without servers. */
function offline(name: string, policy: object, cases: object): string {
  const folder = join(scratch.path, name);
  mkdirSync(folder);
  writeConfig(folder, { upstreams: { a: { command: 'offline' } }, policy });
  writeFileSync(join(folder, 'a.test.yaml'), JSON.stringify(cases));
  return folder;
}

const upstreams = { a: { tools: [{ name: 't' }] } };

describe('policy test', () => {
  it('takes nobody who starts further than two commands: the first file is written, and holds', async () => {
    const cwd = project('first');
    const made = await sallyport(cwd, ['policy', 'test', '--init']);
    expect(made).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Now run: sallyport policy test'),
    });
    const written = readFileSync(join(cwd, 'policy-tests/first.test.yaml'), 'utf8');
    expect(parse(written)).toMatchObject({ policy: '../sallyport.config.yaml', tools: 'tools.json' });
    const ended = await sallyport(cwd, ['policy', 'test']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^ok {3}policy-tests\/first\.test\.yaml: \d+ of \d+ cases hold/);
    expect(ended.stdout).toContain('1 of 2 rules took part (50 %)\n     never: private');
    const again = await sallyport(cwd, ['policy', 'test', '--init']);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('is not overwritten') });
  });

  it('ends with 1 for a case that does not hold, and says where it stands and what was found', async () => {
    const cases = { upstreams, cases: [{ tool: 't', expect: 'allow' }] };
    const ended = await sallyport(offline('wrong', {}, cases), ['policy', 'test', 'a.test.yaml']);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain('FAIL a.test.yaml: 0 of 1 cases hold');
    expect(ended.stdout).toContain('local uses t: allow (a.test.yaml:1)');
    expect(ended.stdout).toContain('effect: expected allow, found deny');
    expect(ended.stdout).toMatch(/1 failed\n$/);
  });

  it('ends with 1 for a policy that the gateway would refuse, though every case holds', async () => {
    const typo = { rules: [{ id: 'typo', match: { tools: ['tt'] }, effect: 'deny' }] };
    const cases = { upstreams, cases: [{ tool: 't', expect: 'deny' }] };
    const ended = await sallyport(offline('refused', typo, cases), ['policy', 'test', 'a.test.yaml']);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain('no tool is named "tt"; there are "t", "a:t"');
  });

  it('ends with 1 for a file that it cannot read, and runs the others', async () => {
    const cwd = offline('broken', {}, { upstreams, cases: [{ tool: 't', expect: 'deny' }] });
    writeFileSync(join(cwd, 'b.test.yaml'), 'cases: [{ tool: t, expct: deny }]');
    const ended = await sallyport(cwd, ['policy', 'test', '.', '--json', '--junit', 'out.xml']);
    expect(ended.code).toBe(1);
    const { passed, files: judged } = JSON.parse(ended.stdout);
    expect(passed).toBe(false);
    expect(judged).toMatchObject([
      { file: 'a.test.yaml', faults: [], results: [{ found: 'deny', problems: [] }] },
      {
        file: 'b.test.yaml',
        results: [],
        faults: [
          expect.stringMatching(/^b\.test\.yaml:1:9: .*expected an effect/),
          expect.stringContaining('did you mean "expect"'),
        ],
      },
    ]);
    expect(readFileSync(join(cwd, 'out.xml'), 'utf8')).toContain('tests="2" failures="0" errors="1"');
  });

  it('holds the policy to the coverage that is asked for', async () => {
    const policy = { rules: [{ id: 'one', match: { tools: ['t'], principals: ['b'] }, effect: 'allow' }] };
    const cases = { upstreams, cases: [{ tool: 't', expect: 'deny' }] };
    const cwd = offline('thin', policy, cases);
    expect(await sallyport(cwd, ['policy', 'test', '.'])).toMatchObject({ code: 0 });
    const ended = await sallyport(cwd, ['policy', 'test', '.', '--min-coverage', '100']);
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('found a coverage of 0 %') });
  });

  it.each([
    [['policy', 'test'], 2, 'policy-tests: there is no such file or folder'],
    [['policy', 'test', '.'], 2, 'found no file that ends in .test.yaml'],
    [['policy', 'test', '.', '--min-coverage', 'all'], 2, '--min-coverage: found "all"'],
  ])('%j says what is missing', async (args, code, message) => {
    const cwd = join(scratch.path, 'empty');
    mkdirSync(cwd, { recursive: true });
    expect(await sallyport(cwd, args)).toMatchObject({ code, stderr: expect.stringContaining(message) });
  });
});

describe('policy check', () => {
  it('asks the servers, and finds a wrong argument with line, column and remedy', async () => {
    const wrong = { id: 'typo', match: { tools: ['write_file'] }, when: 'args.pth == "/a"', effect: 'deny' };
    const cwd = project('check', { policy: { rules: [...rules, wrong] } });
    const ended = await sallyport(cwd, ['policy', 'check', '--json']);
    expect(ended.code).toBe(1);
    const { valid, findings } = JSON.parse(ended.stdout);
    expect(valid).toBe(false);
    expect(findings[0]).toMatchObject({
      severity: 'error',
      rule: 'typo',
      file: expect.stringContaining('sallyport.config.yaml'),
      line: expect.any(Number),
      column: expect.any(Number),
      message: expect.stringMatching(/pth.*did you mean "path"/s),
    });
    expect(findings).toContainEqual(expect.objectContaining({ code: 'uncovered', target: 'move_file' }));
  });

  it('fails for warnings only where it is asked to', async () => {
    const cwd = project('strict');
    expect(await sallyport(cwd, ['policy', 'check'])).toMatchObject({ code: 0 });
    expect(await sallyport(cwd, ['policy', 'check', '--strict'])).toMatchObject({ code: 1 });
  });

  it('reports what does not even compile', async () => {
    const cwd = project('compile', { policy: { rules: [{ id: 'x', when: 'args.', effect: 'deny' }] } });
    const ended = await sallyport(cwd, ['policy', 'check']);
    expect(ended).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/error: .*policy\.rules\.x.*\n1 error/s),
    });
  });
});

describe('policy scan', () => {
  it('writes a policy that the gateway takes as it is, with every tool of the server in it', async () => {
    const cwd = project('scan');
    const ended = await sallyport(cwd, ['policy', 'scan', '--out', 'policy.yaml']);
    expect(ended.code).toBe(0);
    const { policy } = parse(readFileSync(join(cwd, 'policy.yaml'), 'utf8'));
    const effectOf = (tool: string) =>
      policy.rules.find((rule: { match: { tools: string[] } }) => rule.match.tools.includes(tool))?.effect;
    expect(effectOf('files:read_text_file')).toBe('allow');
    expect(effectOf('files:move_file')).not.toBe('allow');
    writeConfig(cwd, { upstreams: files, policy });
    expect(await sallyport(cwd, ['policy', 'check', '--strict'])).toMatchObject({ code: 0 });
    const again = await sallyport(cwd, ['policy', 'scan', '--out', 'policy.yaml']);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing is overwritten') });
  });
});

describe('policy coverage', () => {
  it('counts what a running gateway recorded, and names the rules that never decided', async () => {
    const cwd = project('coverage');
    const config = { upstreams: files, auth: { mode: 'none' }, policy: { rules } };
    const gateway = await startGateway(cwd, config);
    const client = await legacyClient(`${gateway.baseUrl}/mcp`);
    const path = join(scratch.path, 'files', 'hello.txt');
    await client.request('tools/call', { name: 'read_text_file', arguments: { path } });
    await client.request('tools/call', { name: 'write_file', arguments: { path, content: '' } });
    await gateway.stop();
    const ended = await sallyport(cwd, ['policy', 'coverage', '--json']);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      records: 2,
      otherRevisions: 0,
      rules: [
        { id: 'reads', decisions: { allow: 1 } },
        { id: 'private', decisions: {} },
      ],
      byDefault: { decisions: { deny: 1 } },
      never: ['private'],
    });
    const later = await sallyport(cwd, ['policy', 'coverage', '--since', '2100-01-01']);
    expect(later.stdout).toContain('Never: reads, private');
    await checksPins(cwd);
  });
});

/** What the gateway saw is known without any server. */
async function checksPins(cwd: string): Promise<void> {
  const config = { upstreams: { files: { command: 'gone' } }, auth: { mode: 'none' }, policy: { rules } };
  writeConfig(cwd, config);
  const pinned = await sallyport(cwd, ['policy', 'check', '--tools', 'pins', '--json']);
  expect(JSON.parse(pinned.stdout).findings).toContainEqual(
    expect.objectContaining({ code: 'uncovered', target: 'move_file' }),
  );
}

describe('policy diff', () => {
  it('tells which sample calls are answered otherwise, and fails where it is asked to', async () => {
    const cwd = offline('diff', { rules: [{ id: 'r', match: { tools: ['t'] }, effect: 'deny' }] }, {});
    const before = join(cwd, 'sallyport.config.yaml');
    const after = join(cwd, 'after.yaml');
    const policy = { rules: [{ id: 'r', match: { tools: ['t'] }, effect: 'ask' }] };
    writeFileSync(after, JSON.stringify({ upstreams: { a: { command: 'offline' } }, policy }));
    const tools = join(cwd, 'tools.json');
    writeFileSync(tools, JSON.stringify({ snapshot: 1, upstreams }));
    const ended = await sallyport(cwd, ['policy', 'diff', before, after, '--tools', tools, '--exit-code']);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain('~ rule r\n      - effect: "deny"\n      + effect: "ask"');
    expect(ended.stdout).toContain('LOOSER: t by somebody: deny -> ask, 1 call');
    const same = await sallyport(cwd, [
      'policy',
      'diff',
      before,
      before,
      '--tools',
      tools,
      '--exit-code',
      '--json',
    ]);
    expect(same.code).toBe(0);
    expect(JSON.parse(same.stdout)).toMatchObject({ rules: [], changes: [] });
  });
});

describe('policy snapshot', () => {
  it('writes down what servers offer, so that the other commands work without them', async () => {
    const cwd = project('snapshot');
    expect(await sallyport(cwd, ['policy', 'snapshot', '--out', 'tools.json'])).toMatchObject({ code: 0 });
    expect(existsSync(join(cwd, 'tools.json'))).toBe(true);
    writeConfig(cwd, { upstreams: { files: { command: 'gone' } }, policy: { rules } });
    const ended = await sallyport(cwd, ['policy', 'check', '--tools', 'tools.json']);
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('0 errors') });
  });
});

describe('policy explain', () => {
  it('needs no server where a snapshot says what there is, and takes questions of servers, too', async () => {
    const rule = { id: 'ask', match: { methods: ['sampling/createMessage'], tools: ['t'] }, effect: 'ask' };
    const cwd = offline('explain', { rules: [rule] }, {});
    writeFileSync(join(cwd, 'tools.json'), JSON.stringify({ snapshot: 1, upstreams }));
    const about = ['policy', 'explain', '--tools', 'tools.json', '--tool', 'a:t', '--json'];
    const called = await sallyport(cwd, about);
    expect(JSON.parse(called.stdout)).toMatchObject({ call: { target: 't' }, decision: { effect: 'deny' } });
    const asked = await sallyport(cwd, [...about, '--method', 'sampling/createMessage', '--args', '{"a":1}']);
    expect(JSON.parse(asked.stdout)).toMatchObject({ decision: { effect: 'ask', rule: 'ask' } });
    expect(JSON.parse(asked.stdout)).not.toHaveProperty('invalidArguments');
  });

  it('explain answers as in a session: what its scopes reach, and what the call takes of its budget', async () => {
    const upstreams = { a: { tools: [{ name: 'buy', inputSchema: { type: 'object' } }] } };
    const offered = { a: { command: 'offline' } };
    const rule = { id: 'senders', match: { tools: ['buy'], scopes: ['send'] }, effect: 'allow' };
    const more = {
      prices: [{ tools: ['buy'], cost: '2' }],
      sessions: { scopes: [{ tools: ['buy'], scope: 'spend' }] },
    };
    const cwd = offline('explain-session', {}, {});
    writeConfig(cwd, { upstreams: offered, policy: { rules: [rule] }, ...more });
    writeFileSync(join(cwd, 'tools.json'), JSON.stringify({ snapshot: 1, upstreams }));
    const about = ['policy', 'explain', '--tools', 'tools.json', '--tool', 'buy'];
    const explain = async (...args: string[]) => {
      const { stdout } = await sallyport(cwd, [...about, '--json', ...args]);
      const { decision, session } = JSON.parse(stdout) as Record<string, Record<string, unknown>>;
      return [decision?.effect, session?.refused, session?.cost, session?.budget];
    };
    expect(await explain()).toEqual(['deny', undefined, undefined, undefined]);
    expect(await explain('--scopes', 'send')).toEqual(['allow', 'scope_missing', undefined, undefined]);
    expect(await explain('--scopes', 'send,spend:25')).toEqual(['allow', undefined, '2', '25']);
    const dear = ['--scopes', 'send,spend', '--budget', '3', '--args', '{"amount":1.5}'];
    expect(await explain(...dear)).toEqual(['allow', 'budget_exhausted', '3.5', '3']);
    const { stdout } = await sallyport(cwd, [...about, ...dear]);
    expect(stdout).toContain("It costs 3.5 USD of the session's budget of 3 USD");
    expect(stdout).toContain('REFUSED as budget_exhausted');
    expect(await sallyport(cwd, [...about, '--scopes', 'reed'])).toMatchObject({ code: 2 });
  });
});
