import { LineReader } from '../../lib/line-reader.js';
import type { Log } from '../../model/log.js';

const mostLines = 20;
const longestLine = 500;
const longestTail = 300;
const longestRawLine = 64 * 1024;
/** Control and format characters and line separators. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Keeps the last lines that a child wrote to stderr, safe to print, without the secrets that `redact` knows. */
export class StderrTail {
  readonly #lines: string[] = [];
  readonly #log: Log;
  readonly #redact: (text: string) => string;
  readonly #reader = new LineReader(longestRawLine, {
    line: (bytes) => this.#keep(bytes.toString('utf8')),
    tooLong: () => undefined,
  });

  constructor(log: Log, redact: (text: string) => string) {
    this.#log = log;
    this.#redact = redact;
  }

  feed(chunk: Buffer): void {
    this.#reader.push(chunk);
  }

  /** The last line that says something, or nothing. */
  lastWords(): string {
    const line = this.#lines.findLast((candidate) => candidate.trim() !== '') ?? '';
    return line.slice(0, longestTail);
  }

  #keep(text: string): void {
    const line = printable(this.#redact(text)).slice(0, longestLine);
    this.#lines.push(line);
    if (this.#lines.length > mostLines) this.#lines.shift();
    this.#log.debug({ stderr: line }, 'upstream wrote to stderr');
  }
}

/** The same text with every character escaped that could move the cursor, hide text or turn its direction. */
function printable(text: string): string {
  return text.trimEnd().replace(unprintable, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
