import type { Clock } from '../lib/clock.js';
import type { CancelSignal } from '../model/cancel-signal.js';
import { UpstreamFailure } from '../model/upstream.js';

export interface Patience {
  readonly clock: Clock;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly signal?: CancelSignal | undefined;
  /** What was waited for, for the failure: "no … in time". */
  readonly what: string;
}

/**
 * Waits for what has to come before a request can be sent. Rejects with UpstreamFailure when the time is up or the caller
 * cancels; whoever settles `promise` is not told.
 */
export function waitWithin<Value>(promise: Promise<Value>, patience: Patience): Promise<Value> {
  const { clock, deadline, signal, what } = patience;
  return new Promise((resolve, reject) => {
    const give = (kind: 'timeout' | 'cancelled', message: string) => {
      end();
      reject(new UpstreamFailure(kind, message, false));
    };
    const cancel = () => give('cancelled', 'the caller cancelled');
    const stopTimer = clock.after(Math.max(0, deadline - clock.now()), () =>
      give('timeout', `no ${what} in time`),
    );
    const end = () => {
      stopTimer();
      signal?.removeEventListener('abort', cancel);
    };
    signal?.addEventListener('abort', cancel);
    if (signal?.aborted === true) cancel();
    promise.then(
      (value) => {
        end();
        resolve(value);
      },
      (cause: unknown) => {
        end();
        reject(cause);
      },
    );
  });
}
