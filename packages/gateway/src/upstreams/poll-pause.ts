import type { Clock } from '../lib/clock.js';
import type { CancelSignal } from '../model/cancel-signal.js';
import type { JsonValue } from '../model/json.js';

const usualMs = 1000;
const shortestMs = 50;
const longestMs = 30_000;

/** How long to wait before a task is asked for again, as its server wants it, within bounds. */
export function pollPauseMs(wanted: JsonValue | undefined): number {
  const ms = typeof wanted === 'number' ? wanted : usualMs;
  return Math.min(longestMs, Math.max(shortestMs, ms));
}

/** Resolves after so many milliseconds, or when `over` aborts. */
export function pauseFor(clock: Clock, ms: number, over: CancelSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      stop();
      over.removeEventListener('abort', end);
      resolve();
    };
    const stop = clock.after(over.aborted ? 0 : ms, end);
    over.addEventListener('abort', end);
  });
}
