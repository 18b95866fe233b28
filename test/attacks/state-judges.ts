import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { holdsOf } from './holds.js';
import type { Judge } from './judge.js';
import { redemptionsOf } from './sign-in-steps.js';

/** Expectations about what is left behind: holds, processes, memory, connections. */
export const stateJudges: Readonly<Record<string, Judge>> = {
  upstream_requests(run, { upstream, method, count }: { upstream: string; method: string; count: number }) {
    const found = run.received(upstream).filter((message) => message.method === method).length;
    return found === count ? undefined : `${upstream} got ${found} requests of ${method}`;
  },

  http_5xx(run, { max }: { max: number }) {
    const found = run.answered.filter(
      ({ exchange }) => (exchange.responses.at(-1)?.status ?? 0) >= 500,
    ).length;
    return found <= max ? undefined : `${found} answers were of status 500 or more`;
  },

  rows_returned_max(run, max: number) {
    const most = run.answered.map(({ exchange }) => {
      const body = exchange.responses.at(-1)?.body ?? '';
      return body.startsWith('{') ? (JSON.parse(body) as { records?: unknown[] }).records?.length : 0;
    });
    return most.every((count = 0) => count <= max)
      ? undefined
      : `${Math.max(...most.map((n) => n ?? 0))} rows came`;
  },

  async admin_state_unchanged(run) {
    const { gateway, adminState } = run.fixture;
    return (await gateway.adminState()) === adminState
      ? undefined
      : 'keys or configuration are not as before';
  },

  async hold_created(run, { count }: { count: number }) {
    const holds = await holdsOf(run, '');
    const created = holds.filter(({ createdAt }) => Date.parse(createdAt) >= run.startedAt);
    return created.length === count ? undefined : `${created.length} holds were created, not ${count}`;
  },

  no_outbound(run, { host = '' }: { host?: string }) {
    const redeemed = host.startsWith('token endpoint') ? redemptionsOf(run) : 0;
    if (redeemed > 0) return `a code was redeemed ${redeemed} times`;
    const { connections } = run.fixture.canary;
    return connections === 0 ? undefined : `the canary was contacted ${connections} times`;
  },

  no_outbound_private(run) {
    const { connections } = run.fixture.canary;
    return connections === 0 ? undefined : `a service on this machine was contacted ${connections} times`;
  },

  memory_growth_mib(run, { max }: { max: number }) {
    const grown = run.fixture.gateway.residentMib - run.memoryBefore;
    return grown <= max ? undefined : `the gateway holds ${Math.round(grown)} MiB more, allowed are ${max}`;
  },

  upstream_inflight_at_most(run, { upstream, value }: { upstream: string; value: number }) {
    const most = Math.max(0, ...run.received(upstream).map(({ inFlight }) => inFlight));
    return most <= value ? undefined : `${upstream} had ${most} calls in flight`;
  },

  spawns_at_most(run, { upstream, value }: { upstream: string; value: number }) {
    const spawns = run.spawnsOf(upstream);
    return spawns <= value ? undefined : `${upstream} was started ${spawns} times`;
  },

  async no_process_left(run, { upstream }: { upstream: string }) {
    const left = () => (run.fixture.upstreams[upstream]?.pids ?? []).filter(isRunning);
    for (const deadline = Date.now() + 5000; left().length > 0; await sleep(50)) {
      if (Date.now() > deadline) return `these processes still run: ${left().join(', ')}`;
    }
    return undefined;
  },

  stdio_lines_valid(run, { upstream }: { upstream: string }) {
    const bad = run.received(upstream).find(({ raw }) => !isMessage(raw));
    return bad && `${upstream} read a line that is no message: ${bad.raw}`;
  },

  file_absent(_run, path: string) {
    return existsSync(path) ? `${path} exists` : undefined;
  },

  stream_closed(run, { saved }: { saved: string }) {
    return run.streams.get(saved)?.isOpen === false ? undefined : `the stream ${saved} is open`;
  },

  connections_closed(run) {
    const open = run.connections.reduce((sum, connections) => sum + connections.open, 0);
    return open === 0 ? undefined : `${open} connections are open`;
  },
};

function isRunning(pid: number): boolean {
  try {
    // One that has ended and was not collected yet runs no more.
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function isMessage(line: string): boolean {
  try {
    return JSON.parse(line).jsonrpc === '2.0';
  } catch {
    return false;
  }
}
