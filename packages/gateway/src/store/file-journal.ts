import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../model/log.js';
import type { JournalEntry } from '../model/record.js';
import type { IngestFeed } from './ingest-feed.js';
import { type Journal, type JournalHealth, type JournalLag, JournalUnavailable } from './journal.js';
import { checkedLine } from './journal-line.js';
import { LineBuffer } from './line-buffer.js';
import { type Disk, openSegment, type SegmentFile } from './segment-file.js';
import { type SegmentOwner, segmentName } from './segment-name.js';

export interface FileJournalOptions {
  /** Folder of the segments. */
  readonly folder: string;
  readonly owner: SegmentOwner;
  readonly durability: 'process' | 'power';
  readonly clock: Clock;
  readonly log: Log;
  readonly disk: Disk;
  readonly feed: Pick<IngestFeed, 'grew' | 'seal' | 'drained' | 'backlogBytes' | 'fault'>;
  readonly limits: JournalLimits;
  readonly callsUnderWay: () => number;
}

export interface JournalLimits {
  /** A segment that has reached this size is followed by another. */
  readonly segmentBytes: number;
  /** With more than this waiting for SQLite no entry is taken. */
  readonly backlogBytes: number;
  readonly entryBytes: number;
}

export const journalLimits: JournalLimits = {
  segmentBytes: 2 ** 26,
  backlogBytes: 2 ** 30,
  entryBytes: 2 ** 25,
};

/** Its `then` runs at the end of the turn as queueMicrotask does, without an async resource for each. */
const settled = Promise.resolve();

const healthy: JournalHealth = { ok: true };
const firstRetryMs = 100;
const longestRetryMs = 2000;
/** How often somebody looks whether the segment's file is still there. */
const placeMs = 1000;

/** Entries committed in the same turn of the event loop: one write, one sync, one fate. */
interface Group {
  readonly done: Promise<void>;
  resolve(): void;
  reject(cause: unknown): void;
}

/**
 * Appends each turn's entries to a segment file with one plain write: they are in the kernel's hands then, and
 * survive the end of this process; with `power` they wait for a sync too, shared by all who wait.
 */
export class FileJournal implements Journal {
  readonly #options: FileJournalOptions;
  #sequence = 1;
  #segment: SegmentFile | undefined;
  #group: Group | undefined;
  /** The lines of the group. */
  readonly #lines = new LineBuffer();
  #fault: string | undefined = 'the audit journal is not open';
  #rotating = false;
  #placeCheckedAt = 0;
  /** What a removed segment held, until it stands in the next. */
  #rescued: Uint8Array | undefined;
  #closed = false;
  #cancelRetry = () => {};

  private constructor(options: FileJournalOptions) {
    this.#options = options;
  }

  /** Throws where the first segment cannot be written. */
  static async open(options: FileJournalOptions): Promise<FileJournal> {
    const journal = new FileJournal(options);
    await journal.#openNext();
    return journal;
  }

  commit(entry: JournalEntry): Promise<void> {
    const health = this.health();
    if (!health.ok) return Promise.reject(new JournalUnavailable(health.reason));
    try {
      this.#lines.push(checkedLine(entry, this.#options.limits.entryBytes));
    } catch (cause) {
      return Promise.reject(cause);
    }
    this.#group ??= this.#gather();
    return this.#group.done;
  }

  health(): JournalHealth {
    this.#checkPlace();
    if (this.#fault !== undefined) return { ok: false, reason: this.#fault };
    const { feed, limits } = this.#options;
    if (feed.backlogBytes <= limits.backlogBytes) return healthy;
    return {
      ok: false,
      reason: `the audit database is behind by ${feed.backlogBytes} bytes${feed.fault === undefined ? '' : `: ${feed.fault}`}`,
    };
  }

  lag(): JournalLag {
    const { backlogBytes, fault } = this.#options.feed;
    return { bytes: backlogBytes, ...(fault === undefined ? {} : { fault }) };
  }

  drained(): Promise<void> {
    this.#flush();
    return this.#options.feed.drained();
  }

  /** Takes no more entries; resolves when those taken had their end and the file is closed. */
  async close(): Promise<void> {
    this.#flush();
    this.#lookAtPlace();
    // What a removed file held goes into a new one, for nobody will ask again.
    if (this.#rescued !== undefined) await this.#recover(firstRetryMs);
    this.#closed = true;
    this.#fault = 'the audit journal is closed';
    this.#cancelRetry();
    await this.#leave();
  }

  /** Also when the worker has a complaint: it may be that it does not find the segment. */
  #checkPlace(): void {
    const { clock, feed } = this.#options;
    const now = clock.now();
    if (feed.fault === undefined && Math.abs(now - this.#placeCheckedAt) < placeMs) return;
    this.#placeCheckedAt = now;
    this.#lookAtPlace();
  }

  #lookAtPlace(): void {
    const segment = this.#segment;
    if (segment === undefined) return;
    try {
      segment.checkPlace();
    } catch (cause) {
      this.#rescue(segment);
      this.#fail(segment, cause);
    }
  }

  /** A file that lost its name can be read as long as it is open. */
  #rescue(segment: SegmentFile): void {
    try {
      this.#rescued = segment.contents();
    } catch (cause) {
      this.#options.log.error({ err: cause, segment: segment.name }, 'a removed journal segment is lost');
    }
  }

  #gather(): Group {
    // Alone, waiting for the end of the turn gains nothing and costs the call some microseconds.
    if (this.#options.callsUnderWay() > 1) setImmediate(() => this.#flush());
    else void settled.then(() => this.#flush());
    return newGroup();
  }

  #flush(): void {
    const group = this.#group;
    if (group === undefined) return;
    this.#group = undefined;
    const segment = this.#segment;
    try {
      if (segment === undefined)
        throw new JournalUnavailable(this.#fault ?? 'the audit journal has no segment');
      segment.append(this.#lines.bytes, this.#lines.length);
    } catch (cause) {
      group.reject(cause);
      if (segment !== undefined) this.#fail(segment, cause);
      return;
    } finally {
      this.#lines.clear();
    }
    this.#options.feed.grew(segment.name, segment.size);
    if (this.#options.durability === 'process') group.resolve();
    else void this.#sync(segment, group);
    if (segment.size >= this.#options.limits.segmentBytes) void this.#rotate();
  }

  async #sync(segment: SegmentFile, group: Group): Promise<void> {
    try {
      await segment.sync();
      group.resolve();
    } catch (cause) {
      group.reject(cause);
      this.#fail(segment, cause);
    }
  }

  /** Entries go to the old segment until the new one is there. */
  async #rotate(): Promise<void> {
    if (this.#rotating) return;
    this.#rotating = true;
    const old = this.#segment;
    try {
      await this.#openNext();
    } catch (cause) {
      if (old !== undefined) this.#fail(old, cause);
    } finally {
      this.#rotating = false;
    }
  }

  /** A segment that failed is left for good; recovery begins with another. */
  #fail(segment: SegmentFile, cause: unknown): void {
    if (segment !== this.#segment || this.#closed) return;
    this.#fault = `the audit journal cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`;
    this.#options.log.error({ err: cause, segment: segment.name }, this.#fault);
    const waiting = this.#group;
    this.#group = undefined;
    this.#lines.clear();
    waiting?.reject(cause);
    void this.#leave();
    this.#retryAfter(firstRetryMs);
  }

  #retryAfter(ms: number): void {
    this.#cancelRetry = this.#options.clock.after(ms, () => void this.#recover(ms));
  }

  async #recover(waitedMs: number): Promise<void> {
    try {
      await this.#openNext();
      this.#options.log.info({ segment: this.#segment?.name }, 'the audit journal can be written again');
    } catch (cause) {
      this.#options.log.debug({ err: cause }, 'the audit journal still cannot be written');
      if (!this.#closed) this.#retryAfter(Math.min(waitedMs * 2, longestRetryMs));
    }
  }

  async #openNext(): Promise<void> {
    const { folder, owner, disk, durability, feed } = this.#options;
    const path = join(folder, segmentName(owner, this.#sequence++));
    // Where somebody removed the folder, it is made again.
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const segment = await openSegment(path, disk, durability === 'power');
    this.#restoreInto(segment, path);
    feed.grew(segment.name, segment.size);
    void this.#leave();
    this.#segment = segment;
    this.#cancelRetry();
    if (this.#closed) return this.#leave();
    this.#fault = undefined;
  }

  /** SQLite leaves alone what it has already. */
  #restoreInto(segment: SegmentFile, path: string): void {
    if (this.#rescued === undefined) return;
    try {
      segment.append(this.#rescued, this.#rescued.length);
    } catch (cause) {
      void segment.close();
      rmSync(path, { force: true });
      throw cause;
    }
    this.#rescued = undefined;
    this.#options.log.info({ segment: segment.name }, 'the records of a removed journal segment were saved');
    if (this.#options.durability === 'power') segment.sync().catch((cause) => this.#fail(segment, cause));
  }

  /** Seals the current segment, which the feed then empties and removes. */
  async #leave(): Promise<void> {
    const segment = this.#segment;
    this.#segment = undefined;
    if (segment === undefined) return;
    try {
      await segment.close();
    } catch (cause) {
      this.#options.log.warn({ err: cause, segment: segment.name }, 'a journal segment could not be closed');
    }
    this.#options.feed.seal(segment.name);
  }
}

function newGroup(): Group {
  let resolve = () => {};
  let reject: (cause: unknown) => void = () => {};
  const done = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { done, resolve, reject };
}
