import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../model/log.js';
import type { FromWorker, SegmentTask, ToWorker, WorkerData } from './ingest-messages.js';
import { Patience, watchUtilization } from './patience.js';

export interface IngestFeedOptions extends WorkerData {
  readonly clock: Clock;
  readonly log: Log;
  /** Share of the time since it was asked last for which this thread was busy; for tests. */
  readonly utilization?: () => number;
}

interface OwnSegment {
  size: number;
  /** How far it was read. */
  position: number;
  sealed: boolean;
}

interface Waiter {
  /** What must be in SQLite: segment names and sizes. */
  readonly until: ReadonlyMap<string, number>;
  readonly resolve: () => void;
}

/** How long what was written waits for more, so that one transaction takes many records. */
const gatherMs = 100;
/** A third of it is for new objects at a time. The usual size holds the garbage of seconds, and costs as much memory. */
const youngGenerationMb = 12;
const firstRetryMs = 250;
const longestRetryMs = 2000;

/**
 * Tells the worker what there is to bring into SQLite and remembers how far it came. One pass is under way at a
 * time; what grows meanwhile goes with the next. A pass that failed is tried again, and nothing is forgotten.
 */
export class IngestFeed {
  readonly #options: IngestFeedOptions;
  readonly #workerFile: string;
  readonly #own = new Map<string, OwnSegment>();
  readonly #adopted = new Map<string, SegmentTask>();
  /** Sum of what is left of the own segments. */
  #backlogBytes = 0;
  #worker: Worker | undefined;
  #passing = false;
  #dirty = false;
  #fault: string | undefined;
  #retryMs = firstRetryMs;
  /** Present while the next pass waits for its time. */
  #cancelPlanned: (() => void) | undefined;
  readonly #patience: Patience;
  #waiters: Waiter[] = [];
  /** Who waits for the pass under way, and for the one after it. */
  #duringPass: (() => void)[] = [];
  #forNextPass: (() => void)[] = [];
  #closed = false;

  constructor(options: IngestFeedOptions) {
    this.#options = options;
    const { clock, utilization = watchUtilization() } = options;
    this.#patience = new Patience({ clock, utilization });
    this.#workerFile = createRequire(import.meta.url).resolve('#journal-worker');
  }

  /** Bytes of this process's journal that SQLite does not have yet. */
  get backlogBytes(): number {
    return this.#backlogBytes;
  }

  /** Why the last pass failed; absent when it did not. */
  get fault(): string | undefined {
    return this.#fault;
  }

  grew(name: string, size: number): void {
    let segment = this.#own.get(name);
    if (segment === undefined) {
      segment = { size: 0, position: 0, sealed: false };
      this.#own.set(name, segment);
    }
    this.#backlogBytes += size - segment.size;
    segment.size = size;
    this.#nudge();
  }

  /** Nothing is added to the segment any more: it is read to its end and removed. */
  seal(name: string): void {
    const segment = this.#own.get(name);
    if (segment === undefined) return;
    segment.sealed = true;
    this.#nudge();
  }

  /** Also takes segments that others left; resolves after the first pass over them, whatever came of it. */
  adopt(tasks: readonly SegmentTask[]): Promise<void> {
    if (tasks.length === 0) return Promise.resolve();
    for (const task of tasks) this.#adopted.set(task.name, task);
    return this.#afterNextPass();
  }

  drained(): Promise<void> {
    const until = new Map([...this.#own].map(([name, { size }]) => [name, size]));
    return new Promise((resolve) => {
      this.#waiters.push({ until, resolve });
      this.#answerWaiters();
      if (this.#waiters.length > 0) this.#hurry();
    });
  }

  /** One last pass, then the worker ends. What could not be brought in stays on disk for the next start. */
  async close(): Promise<void> {
    if (this.#own.size + this.#adopted.size > 0) await this.#afterNextPass();
    this.#closed = true;
    this.#stopPlanned();
    const worker = this.#worker;
    if (worker === undefined) return;
    worker.ref();
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    this.#post(worker, { kind: 'close' });
    await ended;
  }

  /** Resolves when a pass that begins after this call is over. */
  #afterNextPass(): Promise<void> {
    return new Promise((resolve) => {
      this.#forNextPass.push(resolve);
      this.#hurry();
    });
  }

  #nudge(): void {
    this.#dirty = true;
    if (!this.#passing && this.#cancelPlanned === undefined) this.#planGathered();
  }

  #hurry(): void {
    if (!this.#passing) this.#pass();
  }

  /** Plans a pass that nobody waits for; whoever comes to wait begins one at once. */
  #planGathered(): void {
    this.#planPass(gatherMs, () => {
      if (this.#patience.putsOff(this.#backlogBytes)) this.#planGathered();
      else this.#pass();
    });
  }

  #planPass(ms: number, begin = () => this.#pass()): void {
    if (this.#closed) return;
    this.#cancelPlanned = this.#options.clock.after(ms, begin);
  }

  #stopPlanned(): void {
    this.#cancelPlanned?.();
    this.#cancelPlanned = undefined;
  }

  #pass(): void {
    if (this.#closed) return;
    this.#stopPlanned();
    this.#patience.end();
    this.#passing = true;
    this.#dirty = false;
    this.#duringPass = this.#forNextPass;
    this.#forNextPass = [];
    const own = [...this.#own].map(([name, { size, sealed }]) =>
      sealed ? { name, finish: true, own: true } : { name, upTo: size, finish: false, own: true },
    );
    const adopted = [...this.#adopted.values()];
    this.#adopted.clear();
    this.#worker ??= this.#startWorker();
    this.#worker.ref();
    this.#post(this.#worker, { kind: 'ingest', tasks: [...own, ...adopted] });
  }

  #startWorker(): Worker {
    const { database, folder, log } = this.#options;
    const workerData: WorkerData = { database, folder };
    // stdout belongs to the protocol when the gateway is spoken to over stdio.
    const worker = new Worker(this.#workerFile, {
      workerData,
      execArgv: [],
      stdout: true,
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
    });
    worker.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (cause) => log.error({ err: cause }, 'the journal worker failed'));
    worker.on('exit', () => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      if (this.#passing) this.#finishPass('the journal worker ended');
    });
    return worker;
  }

  #post(worker: Worker, message: ToWorker): void {
    worker.postMessage(message);
  }

  #receive(message: FromWorker): void {
    const { log } = this.#options;
    if (message.kind === 'done') {
      this.#finishPass(message.fault);
    } else if (message.kind === 'progress') {
      this.#reach(message.name, message.position);
    } else if (message.kind === 'damaged') {
      log.error(message, 'a journal segment has unreadable lines; it will be kept');
    } else if (message.kind === 'vanished') {
      this.#tellVanished(message.name);
      this.#drop(message.name);
    } else {
      this.#drop(message.name);
      if (message.damagedLines > 0)
        log.error(message, 'a journal segment with unreadable lines is kept beside the others, as .damaged');
    }
  }

  #tellVanished(name: string): void {
    const { size = 0, position = 0 } = this.#own.get(name) ?? {};
    const about = { segment: name, unreadBytes: size - position };
    this.#options.log.error(about, 'somebody removed a journal segment');
  }

  #drop(name: string): void {
    this.#reach(name, Number.POSITIVE_INFINITY);
    this.#own.delete(name);
  }

  #reach(name: string, position: number): void {
    const segment = this.#own.get(name);
    if (segment === undefined) return;
    // After a failed write there may be more in the file than was acknowledged.
    const reached = Math.min(position, segment.size);
    this.#backlogBytes -= reached - segment.position;
    segment.position = reached;
  }

  #finishPass(fault: string | undefined): void {
    this.#passing = false;
    this.#worker?.unref();
    if (fault !== this.#fault) this.#tellChange(fault);
    this.#fault = fault;
    this.#answerWaiters();
    const waited = this.#duringPass;
    this.#duringPass = [];
    if (this.#forNextPass.length > 0) this.#pass();
    else if (fault !== undefined) this.#retryLater();
    else this.#goOn();
    for (const resolve of waited) resolve();
  }

  #goOn(): void {
    this.#retryMs = firstRetryMs;
    if (this.#waiters.length > 0) this.#pass();
    else if (this.#dirty) this.#planGathered();
  }

  #retryLater(): void {
    this.#planPass(this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
  }

  #tellChange(fault: string | undefined): void {
    if (fault === undefined) this.#options.log.info({}, 'the audit database takes records again');
    else this.#options.log.error({ fault }, 'the audit database takes no records; the journal keeps them');
  }

  #answerWaiters(): void {
    this.#waiters = this.#waiters.filter(({ until, resolve }) => {
      for (const [name, size] of until) {
        const segment = this.#own.get(name);
        if (segment !== undefined && segment.position < size) return true;
      }
      resolve();
      return false;
    });
  }
}
