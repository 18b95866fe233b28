import { performance } from 'node:perf_hooks';
import type { Clock } from '../lib/clock.js';

export interface PatienceOptions {
  readonly clock: Clock;
  /** Share of the time since it was asked last for which this thread was busy. */
  readonly utilization: () => number;
}

const busyAbove = 0.6;
/** Less than this is brought in sooner than it is thought about. */
const leastBytes = 2 ** 16;
const mostBytes = 2 ** 26;
const longestMs = 10_000;

/** On a saturated machine the worker's time is missing to the calls, so what nobody waits for is put off: not for long. */
export class Patience {
  readonly #options: PatienceOptions;
  #since: number | undefined;

  constructor(options: PatienceOptions) {
    this.#options = options;
  }

  /** Whether a pass over so many bytes shall wait. */
  putsOff(backlogBytes: number): boolean {
    const { clock, utilization } = this.#options;
    const isBusy = utilization() > busyAbove;
    if (!isBusy || backlogBytes < leastBytes || backlogBytes >= mostBytes) return false;
    this.#since ??= clock.now();
    return clock.now() - this.#since < longestMs;
  }

  /** A pass begins. */
  end(): void {
    this.#since = undefined;
  }
}

/** Of the thread this is called on. */
export function watchUtilization(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}
