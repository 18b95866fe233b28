import type { Gateway } from '../app/gateway.js';
import { type StopSignal, signalExitCodes } from './stop-signal.js';
import { say } from './terminal.js';

export interface Serving {
  readonly gateway: Gateway;
  readonly stopped: Promise<StopSignal>;
  /** Called once the gateway serves. */
  readonly greet: (url: string) => Promise<void>;
  /** Called before it stops: nothing may change it any more. */
  readonly settle: () => Promise<void>;
}

/** Starts a gateway, keeps it until a signal, and lets calls under way end; resolves with the exit code. */
export async function serveUntilSignal({ gateway, stopped, greet, settle }: Serving): Promise<number> {
  try {
    const started = gateway.start().then(({ url = '' }) => greet(url));
    const early = await Promise.race([started.then(() => undefined), stopped]);
    const signal = early ?? (await stopped);
    say(`Stopping on ${signal}; calls under way may end. A second signal stops at once.`);
    await settle();
    await gateway.stop(signal);
    // A service manager asks with SIGTERM and reads anything but 0 as a failure; a person interrupts.
    return signal === 'SIGTERM' ? 0 : signalExitCodes[signal];
  } catch (cause) {
    await settle();
    await gateway.stop('start failed');
    throw cause;
  }
}
