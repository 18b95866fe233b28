import { fstatSync, statSync } from 'node:fs';

/** Tells a file from another one that stands under its name later. */
export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
}

/** Of a path, or of an open file. */
export function identityOf(file: string | number): FileIdentity {
  const { dev, ino } =
    typeof file === 'number' ? fstatSync(file, { bigint: true }) : statSync(file, { bigint: true });
  return { dev, ino };
}

/** Whether the file is still what its path names: not removed, not replaced. */
export function isStillAt(path: string, { dev, ino }: FileIdentity): boolean {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found?.dev === dev && found.ino === ino;
}
