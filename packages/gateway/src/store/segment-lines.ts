import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

export interface LineChunk {
  readonly lines: readonly string[];
  /** Where in the file the chunk ends: always after a line end. */
  readonly position: number;
}

/** About a hundred records: few enough that what they become does not outlive the young generation's small space. */
const usualBytes = 2 ** 16;
const lineEnd = 0x0a;

/** Used again and again: a fresh one for each chunk costs more than reading into it. */
const usualBuffer = Buffer.allocUnsafeSlow(usualBytes);

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
    let buffer = usualBuffer;
    while (from < (upTo ?? end)) {
      const read = readSync(fd, buffer, 0, Math.min(buffer.length, (upTo ?? end) - from), from);
      const lines = linesIn(buffer.subarray(0, read));
      if (lines.bytes === 0) {
        if (read < buffer.length) return;
        // A line longer than the buffer: look again through a larger one.
        buffer = Buffer.allocUnsafe(2 * buffer.length);
        continue;
      }
      from += lines.bytes;
      buffer = usualBuffer;
      yield { lines: lines.texts, position: from };
    }
  } finally {
    closeSync(fd);
  }
}

/** Decodes line by line, since a line of ASCII alone takes half the memory and is read faster. */
function linesIn(buffer: Buffer): { texts: string[]; bytes: number } {
  const texts: string[] = [];
  let start = 0;
  for (let end = buffer.indexOf(lineEnd); end >= 0; end = buffer.indexOf(lineEnd, start)) {
    texts.push(buffer.toString('utf8', start, end));
    start = end + 1;
  }
  return { texts, bytes: start };
}
