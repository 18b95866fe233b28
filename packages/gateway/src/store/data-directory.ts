import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../model/log.js';

const enforcesModes = process.platform !== 'win32';
const othersMask = 0o077;

export interface DataDirectory {
  readonly path: string;
  /** The SQLite database; its side files stand beside it. */
  readonly database: string;
  /** Folder of the journal's segments. */
  readonly journal: string;
}

/** Creates the folders that are missing, for this user only, and closes our own to others where they were open. */
export function openDataDirectory(path: string, log: Log): DataDirectory {
  const directory = { path, database: join(path, 'sallyport.db'), journal: join(path, 'journal') };
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const ours = existsSync(directory.database) || readdirSync(path).length === 0;
  mkdirSync(directory.journal, { recursive: true, mode: 0o700 });
  if (!enforcesModes) return directory;
  // A folder that holds other things may be shared on purpose; what we put into it is closed file by file.
  if (ours) closeToOthers(path, log);
  closeToOthers(directory.journal, log);
  if (existsSync(directory.database)) closeToOthers(directory.database, log);
  return directory;
}

/**
 * The content of a file of `bytes` random bytes, made on first use, readable by this user only.
 * Of several processes that make it at once one wins and all return its bytes. Throws where others may read the file.
 */
export function readOrCreateSecret(path: string, bytes: number): Uint8Array {
  if (!existsSync(path)) createSecret(path, randomBytes(bytes));
  const fd = openSync(path, 'r');
  try {
    const { mode } = fstatSync(fd);
    if (enforcesModes && (mode & othersMask) !== 0) {
      throw new Error(
        `${path} has mode ${(mode & 0o777).toString(8)}, so others may read this secret; expected 600: chmod 600 ${path}`,
      );
    }
    const content = readFileSync(fd);
    if (content.length !== bytes) {
      throw new Error(`${path} holds ${content.length} bytes, expected ${bytes}: restore it from a backup`);
    }
    return content;
  } finally {
    closeSync(fd);
  }
}

/** Written whole under another name first, so that nobody ever reads half a secret. */
function createSecret(path: string, content: Uint8Array): void {
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  const fd = openSync(draft, 'wx', 0o600);
  try {
    writeFileSync(fd, content);
    fsyncSync(fd);
    linkSync(draft, path);
  } catch (cause) {
    if (!isFault(cause, 'EEXIST')) throw cause;
  } finally {
    closeSync(fd);
    rmSync(draft, { force: true });
  }
}

function closeToOthers(path: string, log: Log): void {
  const { mode } = statSync(path);
  if ((mode & othersMask) === 0) return;
  try {
    chmodSync(path, mode & 0o700);
  } catch (cause) {
    log.warn(
      { err: cause, path },
      'others may read or change the data directory, and it could not be closed to them',
    );
  }
}

export function isFault(cause: unknown, code: string): cause is Error {
  return cause instanceof Error && 'code' in cause && cause.code === code;
}
