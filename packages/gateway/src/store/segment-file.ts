import { closeSync, fdatasync, fsyncSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { identityOf, isStillAt } from './file-identity.js';

/** The system calls a segment is made of; tests put failing ones in their place. */
export interface Disk {
  open(path: string): number;
  /** Writes the first `length` bytes; returns how many were written. */
  write(fd: number, bytes: Uint8Array, length: number): number;
  /** The first `length` bytes. */
  read(fd: number, length: number): Uint8Array;
  sync(fd: number): Promise<void>;
  /** Makes the names in a folder durable. */
  syncNames(folder: string): void;
  close(fd: number): void;
  /** Whether the open file is still what the path names. */
  isAt(path: string, fd: number): boolean;
}

export const realDisk: Disk = {
  open: (path) => openSync(path, 'ax+', 0o600),
  write: (fd, bytes, length) => writeSync(fd, bytes, 0, length),
  read(fd, length) {
    const bytes = Buffer.allocUnsafeSlow(length);
    for (let at = 0; at < length; ) {
      const read = readSync(fd, bytes, at, length - at, at);
      if (read === 0) throw new Error(`found ${at} bytes, expected ${length}`);
      at += read;
    }
    return bytes;
  },
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
  isAt: (path, fd) => isStillAt(path, identityOf(fd)),
};

/**
 * One file of the journal, which only grows.
 * Invariant: after a failed write or sync nothing is appended any more, so a torn line can only be the last, and a
 * sync that failed once is never taken for done because a later one succeeded.
 */
export class SegmentFile {
  readonly name: string;
  readonly #path: string;
  readonly #disk: Disk;
  readonly #fd: number;
  /** Bytes that were written whole. */
  #size = 0;
  #broken: Error | undefined;
  #syncing: Promise<void> | undefined;
  #nextSync: Promise<void> | undefined;

  constructor(path: string, disk: Disk = realDisk) {
    this.name = basename(path);
    this.#path = path;
    this.#disk = disk;
    this.#fd = disk.open(path);
  }

  get size(): number {
    return this.#size;
  }

  /** Throws when the file was removed or replaced: what is appended then is lost. */
  checkPlace(): void {
    if (!this.#disk.isAt(this.#path, this.#fd)) throw this.#break(new Error(`${this.#path} was removed`));
  }

  /** All that was written whole, also when the file has lost its name. */
  contents(): Uint8Array {
    return this.#disk.read(this.#fd, this.#size);
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
