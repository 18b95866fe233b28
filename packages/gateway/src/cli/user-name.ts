import { userInfo } from 'node:os';

/** Who runs this program, for the record. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // The user of a container often has no name.
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
