import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

export interface LineChunk {
  readonly lines: readonly string[];
  /** Where in the file the chunk ends: always after a line end. */
  readonly position: number;
}

const usualBytes = 2 ** 18;
const lineEnd = 0x0a;

/**
 * The whole lines of a file from `position` on, some at a time; what follows the last line end is not a line yet.
 * Throws when the file ends before `upTo`.
 */
export function* readLines(path: string, position: number, upTo?: number): Generator<LineChunk> {
  const fd = openSync(path, 'r');
  try {
    const end = fstatSync(fd).size;
    if (upTo !== undefined && end < upTo)
      throw new Error(`${path} has ${end} bytes, expected at least ${upTo}`);
    let from = position;
    let bytes = usualBytes;
    while (from < (upTo ?? end)) {
      const buffer = Buffer.allocUnsafe(Math.min(bytes, (upTo ?? end) - from));
      const read = readSync(fd, buffer, 0, buffer.length, from);
      const whole = buffer.subarray(0, read).lastIndexOf(lineEnd) + 1;
      if (whole === 0) {
        if (read < bytes) return;
        // A line longer than the buffer: look again through a larger one.
        bytes *= 2;
        continue;
      }
      from += whole;
      bytes = usualBytes;
      yield { lines: buffer.toString('utf8', 0, whole - 1).split('\n'), position: from };
    }
  } finally {
    closeSync(fd);
  }
}
