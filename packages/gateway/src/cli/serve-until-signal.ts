import type { Gateway } from '../app/gateway.js';
import type { ConfigFollower } from './follow-config.js';
import { type StopSignal, signalExitCodes } from './stop-signal.js';
import { say } from './terminal.js';
import { releaseYoungHeap } from './young-heap.js';

export interface Serving {
  readonly gateway: Gateway;
  readonly stopped: Promise<StopSignal>;
  /** Called once the gateway serves. */
  readonly greet: (url: string) => Promise<void>;
  /** Its `end` is called before the gateway stops: nothing may change it any more. */
  readonly follower: ConfigFollower;
}

/** Starts a gateway, keeps it until a signal, and lets calls under way end; resolves with the exit code. */
export async function serveUntilSignal({ gateway, stopped, greet, follower }: Serving): Promise<number> {
  let stopping = false;
  try {
    const started = gateway.start().then(({ url = '' }) => {
      releaseYoungHeap();
      return stopping ? undefined : greet(url);
    });
    const early = await Promise.race([started.then(() => undefined), stopped]);
    const signal = early ?? (await stopped);
    stopping = true;
    say(`Stopping on ${signal}; calls under way may end. A second signal stops at once.`);
    await follower.end();
    await gateway.stop(signal);
    // A service manager asks with SIGTERM and reads anything but 0 as a failure; a person interrupts.
    return signal === 'SIGTERM' ? 0 : signalExitCodes[signal];
  } catch (cause) {
    await follower.end();
    await gateway.stop('start failed');
    throw cause;
  }
}
