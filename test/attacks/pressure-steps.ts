import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { type CaseRun, otherCallersArgs } from './case-run.js';
import type { Item } from './corpus.js';
import { OpenConnections } from './open-connections.js';
import type { Step } from './steps.js';

interface Slowly {
  readonly connections: number;
  readonly byte_every_ms: number;
  readonly for_s: number;
}

/** Steps that take the gateway's time and room without asking for anything. */
export const pressureSteps: Readonly<Record<string, Step>> = {
  async connect_only(run, item) {
    const { count, for_s } = item.connect_only as { count: number; for_s: number };
    const connections = new OpenConnections(run.endpoint, count);
    run.connections.push(connections);
    await Promise.race([connections.ended, sleep(for_s * 1000)]);
    connections.close();
  },

  /** Ends early when the gateway has ended all of them. */
  async slowloris(run, item) {
    const { connections: count, byte_every_ms, for_s } = item.slowloris as Slowly;
    const connections = new OpenConnections(run.endpoint, count);
    run.connections.push(connections);
    connections.write(run.expand(slowHead));
    const timer = setInterval(() => connections.write(' '), byte_every_ms);
    await Promise.race([connections.ended, sleep(for_s * 1000)]);
    clearInterval(timer);
  },
};

const slowHead =
  'POST /mcp HTTP/1.1\r\nHost: {{HOST}}\r\nAuthorization: Bearer {{KEY_A}}\r\n' +
  'Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\n' +
  'MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/list\r\nContent-Length: 100000\r\n\r\n';

/** Lets another caller make calls while `steps` run. */
export async function besideAnotherCaller(
  run: CaseRun,
  expectation: Item,
  steps: () => Promise<void>,
): Promise<void> {
  const [tool, args] =
    (expectation.other_caller_ok as { upstream?: string }).upstream === 'pay'
      ? ['pay.balance', '{}']
      : ['echo.echo', otherCallersArgs];
  const body = run.expand(
    `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{T:${tool}}}","arguments":${args}}}`,
  );
  const text = run.expand(
    'POST /mcp HTTP/1.1\r\nHost: {{HOST}}\r\nAuthorization: Bearer {{KEY_B}}\r\n' +
      'Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\n' +
      `MCP-Protocol-Version: 2025-11-25\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  const endpoint = { ...run.endpoint, ...(process.platform === 'linux' && { localAddress: '127.0.2.1' }) };
  const worker = new Worker(new URL('other-caller.mjs', import.meta.url), { workerData: { endpoint, text } });
  await once(worker, 'message');
  try {
    await steps();
  } finally {
    worker.postMessage('stop');
    [run.otherCallerMs] = await once(worker, 'message');
  }
}
