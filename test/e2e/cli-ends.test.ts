import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  childEnvironment,
  freePort,
  gatewayMain,
  root,
  run,
  sallyport,
  scratchFolder,
  startGateway,
  until,
  writeConfig,
} from './gateway-process.js';

const scratch = scratchFolder();
afterAll(scratch.remove);

const fixture = join(root, 'test/fixtures/waiting-server.mjs');
const allowed = { rules: [{ id: 'all', match: {}, effect: 'allow' }] };

/** A folder of its own for each test, with a server in it that notes the calls that arrive. */
function folder(name: string) {
  const cwd = join(scratch.path, name);
  mkdirSync(cwd);
  const log = join(cwd, 'calls.log');
  writeFileSync(log, '');
  const upstreams = { waiting: { command: process.execPath, args: [fixture, '--log', log] } };
  return { cwd, upstreams, calls: () => readFileSync(log, 'utf8').split('\n').filter(Boolean) };
}

function call(id: string, ms: number): string {
  const params = { name: 'wait', arguments: { id, ms } };
  return `${JSON.stringify({ jsonrpc: '2.0', id: ms, method: 'tools/call', params })}\n`;
}

interface TrailRecord {
  readonly type: string;
  readonly outcome?: string;
  readonly reason?: string;
}

async function trailOf(cwd: string): Promise<TrailRecord[]> {
  const { stdout } = await sallyport(cwd, ['audit', 'query', '--json']);
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as TrailRecord]));
}

describe('a conversation over stdin and stdout', () => {
  function speak(cwd: string): ChildProcessWithoutNullStreams {
    const child = spawn(process.execPath, [gatewayMain, 'stdio'], { cwd, env: childEnvironment(cwd) });
    child.stderr.resume();
    return child;
  }

  it('has an outcome for each call and a proper end in the trail when the client vanishes', async () => {
    const { cwd, upstreams, calls } = folder('vanished');
    writeConfig(cwd, { upstreams, policy: allowed });
    const client = speak(cwd);
    const ended = once(client, 'exit');
    client.stdin.write(call('short', 300) + call('long', 1500));
    await until('both calls to arrive', () => calls().length === 2);
    client.stdout.destroy();
    client.stdin.destroy();
    expect(await ended).toEqual([0, null]);
    const types = (await trailOf(cwd)).map(({ type }) => type);
    expect(types.filter((type) => type === 'call.decided')).toHaveLength(2);
    expect(types.filter((type) => type === 'call.outcome')).toHaveLength(2);
    expect(types.at(-1)).toBe('gateway.stopped');
  });

  it('ends on SIGTERM although the client does not read', async () => {
    const { cwd, upstreams } = folder('unread');
    writeConfig(cwd, { upstreams, policy: allowed });
    const client = speak(cwd);
    const ended = once(client, 'exit');
    // The answer repeats the id, and no pipe holds as much.
    client.stdin.write(call('x'.repeat(2 ** 21), 0));
    await until('the outcome', async () => (await trailOf(cwd)).some(({ type }) => type === 'call.outcome'));
    client.kill('SIGTERM');
    expect(await ended).toEqual([143, null]);
    expect((await trailOf(cwd)).at(-1)).toMatchObject({ type: 'gateway.stopped', reason: 'SIGTERM' });
  });
});

describe('start', () => {
  it('takes a SIGHUP that comes before it is open, and reloads once it is', async () => {
    const { cwd, upstreams } = folder('early-hangup');
    // A server that says nothing keeps the gateway from opening until its time is over.
    const silent = {
      command: process.execPath,
      args: ['-e', 'process.stdin.resume()'],
      startTimeoutSeconds: 2,
    };
    writeConfig(cwd, {
      upstreams: { ...upstreams, silent },
      auth: { mode: 'none' },
      listen: { port: await freePort() },
    });
    const args = [gatewayMain, 'start', '--no-watch', '--log-level', 'info'];
    const child = spawn(process.execPath, args, {
      cwd,
      env: childEnvironment(cwd),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    const store = join(cwd, '.sallyport/journal');
    await until('the store', () => {
      try {
        return readdirSync(store).length > 0;
      } catch {
        return false;
      }
    });
    child.kill('SIGHUP');
    await until('the reload', () => log.includes('the configuration was changed'));
    expect(log.indexOf('Sallyport listens on')).toBeLessThan(log.indexOf('the configuration was changed'));
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
  });
});

describe.skipIf(process.platform === 'win32')('on a full disk', () => {
  /** No file may grow in this process: what a full disk is like, for one program. */
  function withoutDisk(cwd: string, args: readonly string[]) {
    const script = 'ulimit -f 0; exec "$0" "$@"';
    const command = ['sh', '-c', script, process.execPath, gatewayMain, ...args];
    return run(command, { cwd, env: childEnvironment(cwd) });
  }

  it('the trail and the keys can be read while the gateway runs', async () => {
    const { cwd, upstreams } = folder('full');
    await sallyport(cwd, ['keys', 'create', '--principal', 'agent-a', '--data-dir', '.sallyport']);
    const gateway = await startGateway(cwd, { upstreams, policy: allowed });
    try {
      // A record is in the tables a moment after it is in the journal.
      await expect
        .poll(() => withoutDisk(cwd, ['audit', 'query']), { timeout: 20_000 })
        .toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('gateway.started') });
      const list = await withoutDisk(cwd, ['keys', 'list']);
      expect(list).toMatchObject({ code: 0, stderr: '' });
      expect(list.stdout).toContain('agent-a');
    } finally {
      await gateway.stop();
    }
  });
});
