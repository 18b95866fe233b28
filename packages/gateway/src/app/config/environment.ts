import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

/** Variables by name, with the place that each of `fromFile` came from. */
export interface Environment {
  readonly values: Readonly<Record<string, string>>;
  /** Names that only the `.env` file has. */
  readonly fromFile: ReadonlySet<string>;
}

/** The variables of this process alone. */
export function processEnvironment(): Record<string, string> {
  const present = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(present);
}

/** The variables of the process and, below them, those of the `.env` file of a folder; the process keeps its own. */
export async function readEnvironment(folder: string, real = processEnvironment()): Promise<Environment> {
  const text = await readFile(join(folder, '.env'), 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'EISDIR') return '';
    throw cause;
  });
  const written = parseEnv(text) as Record<string, string>;
  const fromFile = new Set(Object.keys(written).filter((name) => !Object.hasOwn(real, name)));
  return { values: { ...written, ...real }, fromFile };
}
