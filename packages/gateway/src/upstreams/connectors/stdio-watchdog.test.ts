import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { isRunning, until } from '../../../../../test/fixtures/upstreams/deps.js';

const gateway = fileURLToPath(
  new URL('../../../../../test/fixtures/upstreams/doomed-gateway.ts', import.meta.url),
);
const jiti = fileURLToPath(import.meta.resolve('jiti/register'));

/** A process that starts stdio upstreams, prints their process ids and then waits for its end. */
async function doomed(): Promise<{ pid: number; family: number[] }> {
  const child = spawn(process.execPath, ['--import', jiti, gateway], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  const family: number[] = JSON.parse(text);
  started.push(child.pid ?? 0, ...family);
  return { pid: child.pid ?? 0, family };
}

const started: number[] = [];

/** Should a test fail, nothing of it may stay behind. */
afterEach(() => {
  for (const pid of started.splice(0)) if (pid > 0 && isRunning(pid)) process.kill(pid, 'SIGKILL');
});

describe('children of a gateway', () => {
  for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT'] as const) {
    it(`are gone after ${signal} of the gateway, with descendants that ignore every polite request`, async () => {
      const { pid, family } = await doomed();
      expect(family.map(isRunning)).toEqual(family.map(() => true));
      process.kill(pid, signal);
      await until(() => !family.some(isRunning));
    }, 30_000);
  }
});
