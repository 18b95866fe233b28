import { join } from 'node:path';
import { CliError } from './cli-error.js';

/** SQLite's numbers for a file that is damaged or was never a database. */
const damaged: readonly unknown[] = [11, 26];

/** Does work on the store of a folder; what SQLite complains of gets the name of the file. */
export async function atStore<Result>(directory: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (!isSqliteFault(cause)) throw cause;
    const remedy = 'restore it from a backup, or use another folder: --data-dir FOLDER';
    const expected = damaged.includes(cause.errcode) ? `; expected a database of sallyport; ${remedy}` : '';
    throw new CliError(`${join(directory, 'sallyport.db')}: ${cause.message}${expected}`, 1, cause);
  }
}

function isSqliteFault(cause: unknown): cause is Error & { readonly errcode?: unknown } {
  return cause instanceof Error && 'code' in cause && cause.code === 'ERR_SQLITE_ERROR';
}
