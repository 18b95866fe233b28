import type { EffectiveConfig } from '../app/config/effective-config.js';
import { type Gateway, openGateway } from '../app/gateway.js';
import { systemClock } from '../lib/clock.js';
import type { Principal } from '../model/principal.js';
import { createLog } from './create-log.js';
import type { ServerWatch } from './server-watch.js';
import { protocolOutput } from './stdout.js';
import { type StopSignal, signalExitCodes, stopSignal } from './stop-signal.js';
import { atStore } from './store-fault.js';
import { say } from './terminal.js';
import { visibleText } from './visible-text.js';
import { releaseYoungHeap } from './young-heap.js';

/** A client that is itself at a terminal would answer for its own calls there. */
function mayAsk(prompt: boolean): 'configured' | 'off' {
  return prompt && !process.stdin.isTTY && !process.stdout.isTTY ? 'configured' : 'off';
}

/** The one caller at the other end of stdin and stdout. */
function localPrincipal(id: string): Principal {
  return { id, credential: 'local', tenant: 'default', roles: ['agent'], labels: {} };
}

export interface StdioOptions {
  readonly config: EffectiveConfig;
  /** The name of the one caller at the other end. */
  readonly as: string;
  /** False: nobody is asked at the terminal. */
  readonly prompt: boolean;
  /** Asked until the server has come up or failed, and once at the end. */
  readonly watch?: ServerWatch;
  /** A line for people, said once the store is there. */
  readonly greeting?: string;
}

const pollMs = 100;

/** Serves one client over stdin and stdout until it closes stdin or a signal comes; resolves with the exit code. */
export async function speakStdio({ config, as, prompt, watch, greeting }: StdioOptions): Promise<number> {
  const stopped = stopSignal(['SIGINT', 'SIGTERM', 'SIGHUP']);
  const log = createLog(config.log.level);
  const gateway = await atStore(config.dataDir, () =>
    openGateway({ config, log, clock: systemClock, mode: 'stdio', prompt: mayAsk(prompt) }),
  );
  if (greeting !== undefined) say(greeting);
  let reason = 'failed';
  try {
    await gateway.start();
    releaseYoungHeap();
    const served = gateway.serveStdio(process.stdin, protocolOutput(), localPrincipal(as));
    const over = new AbortController();
    const ends = [
      served.then(() => 'stdin closed' as const),
      stopped,
      whenFailed(gateway, watch, over.signal),
    ];
    const end = await Promise.race(ends);
    over.abort();
    reason = end;
    const fate = watch?.(gateway.upstreams());
    if (typeof fate === 'object') {
      say(`error: ${visibleText(fate.failure)}`);
      return 1;
    }
    return end in signalExitCodes ? signalExitCodes[end as StopSignal] : 0;
  } finally {
    await gateway.stop(reason);
  }
}

/** Resolves when the watch has found a failure; never when the server came up, nor after `over`. */
async function whenFailed(
  gateway: Gateway,
  watch: ServerWatch | undefined,
  over: AbortSignal,
): Promise<'server failed'> {
  for (;;) {
    const fate = watch?.(gateway.upstreams());
    if (typeof fate === 'object') return 'server failed';
    await new Promise<void>((resolve) => {
      if (watch !== undefined && fate !== 'up' && !over.aborted) systemClock.after(pollMs, resolve);
    });
  }
}
