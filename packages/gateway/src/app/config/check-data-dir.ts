import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Finding } from './issues-to-findings.js';
import { memberAt } from './raw-members.js';

const usual = '.sallyport';

/** A folder of the store that cannot be one; relative to `baseDir`, where the folder of a configuration starts. */
export function checkDataDir(raw: unknown, baseDir: string): Finding[] {
  const written = memberAt(raw, 'dataDir') ?? usual;
  if (typeof written !== 'string' || written.includes('\0')) return [];
  const folder = resolve(baseDir, written);
  const what = obstacleAt(folder);
  if (what === undefined) return [];
  const found = JSON.stringify(folder);
  const expected = 'a folder, or nothing yet';
  return [{ path: ['dataDir'], found, expected, message: `found ${what} at ${found}; expected ${expected}` }];
}

function obstacleAt(folder: string): string | undefined {
  try {
    return statSync(folder).isDirectory() ? undefined : 'a file';
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'ENOTDIR'
      ? 'a path that leads through a file'
      : undefined;
  }
}
