import { closeSync, fdatasync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/** The system calls a segment is made of; tests put failing ones in their place. */
export interface Disk {
  open(path: string): number;
  /** Writes the first `length` bytes; returns how many were written. */
  write(fd: number, bytes: Uint8Array, length: number): number;
  sync(fd: number): Promise<void>;
  /** Makes the names in a folder durable. */
  syncNames(folder: string): void;
  close(fd: number): void;
}

export const realDisk: Disk = {
  open: (path) => openSync(path, 'ax', 0o600),
  write: (fd, bytes, length) => writeSync(fd, bytes, 0, length),
  sync: (fd) =>
    new Promise((resolve, reject) => {
      fdatasync(fd, (fault) => (fault === null ? resolve() : reject(fault)));
    }),
  syncNames(folder) {
    // Windows cannot open a folder; NTFS keeps names in its own journal.
    if (process.platform === 'win32') return;
    const fd = openSync(folder, 'r');
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  },
  close: (fd) => closeSync(fd),
};

/**
 * One file of the journal, which only grows.
 * Invariant: after a failed write or sync nothing is appended any more, so a torn line can only be the last, and a
 * sync that failed once is never taken for done because a later one succeeded.
 */
export class SegmentFile {
  readonly name: string;
  readonly #disk: Disk;
  readonly #fd: number;
  /** Bytes that were written whole. */
  #size = 0;
  #broken: Error | undefined;
  #syncing: Promise<void> | undefined;
  #nextSync: Promise<void> | undefined;

  constructor(path: string, disk: Disk = realDisk) {
    this.name = basename(path);
    this.#disk = disk;
    this.#fd = disk.open(path);
  }

  get size(): number {
    return this.#size;
  }

  /** Appends the first `length` bytes, which may change afterwards. */
  append(bytes: Uint8Array, length: number): void {
    if (this.#broken !== undefined) throw this.#broken;
    try {
      const written = this.#disk.write(this.#fd, bytes, length);
      if (written !== length) throw new Error(`only ${written} of ${length} bytes could be written`);
      this.#size += written;
    } catch (cause) {
      throw this.#break(cause);
    }
  }

  /** Resolves after a sync that began after this call. Those who come while one runs share the next. */
  sync(): Promise<void> {
    if (this.#syncing === undefined) return this.#startSync();
    this.#nextSync ??= this.#syncing.then(() => {
      this.#nextSync = undefined;
      return this.#startSync();
    });
    return this.#nextSync;
  }

  /** Closes the file once no sync uses it. */
  async close(): Promise<void> {
    await (this.#nextSync ?? this.#syncing)?.catch(() => undefined);
    this.#disk.close(this.#fd);
  }

  async #startSync(): Promise<void> {
    if (this.#broken !== undefined) throw this.#broken;
    this.#syncing = this.#disk.sync(this.#fd);
    try {
      await this.#syncing;
    } catch (cause) {
      throw this.#break(cause);
    } finally {
      this.#syncing = undefined;
    }
  }

  #break(cause: unknown): Error {
    this.#broken ??= cause instanceof Error ? cause : new Error(String(cause));
    return this.#broken;
  }
}

/** Opens a segment whose first bytes are a blank line: proof that this disk takes writes again. */
export async function openSegment(path: string, disk: Disk, durable: boolean): Promise<SegmentFile> {
  const segment = new SegmentFile(path, disk);
  try {
    segment.append(probe, probe.length);
    if (durable) {
      await segment.sync();
      disk.syncNames(dirname(path));
    }
    return segment;
  } catch (cause) {
    await segment.close();
    rmSync(path, { force: true });
    throw cause;
  }
}

/** As large as a usual record with its arguments: a disk with room for less is still full. */
const probe = Buffer.from(`${' '.repeat(16_383)}\n`);
