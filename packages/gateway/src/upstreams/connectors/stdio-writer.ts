import type { Writable } from 'node:stream';

const mostWaitingCharacters = 64 * 1024 * 1024;

/** Writes lines to a child; those of one tick go out in one write, and none while the pipe is full. */
export class LineWriter {
  readonly #stream: Writable;
  #waiting = '';
  #scheduled = false;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on('drain', () => this.#flush());
    // A broken pipe is told by the child's end, which always follows.
    stream.on('error', () => undefined);
  }

  /** False when the child has left so much unread that the line was not taken. */
  write(line: string): boolean {
    if (this.#waiting.length + this.#stream.writableLength + line.length > mostWaitingCharacters)
      return false;
    this.#waiting += `${line}\n`;
    if (!this.#scheduled && !this.#stream.writableNeedDrain) {
      this.#scheduled = true;
      process.nextTick(() => this.#flush());
    }
    return true;
  }

  /** Closes the pipe, which asks the child to end. */
  end(): void {
    this.#flush();
    this.#stream.end();
  }

  #flush(): void {
    this.#scheduled = false;
    if (this.#waiting === '' || !this.#stream.writable || this.#stream.writableNeedDrain) return;
    const text = this.#waiting;
    this.#waiting = '';
    this.#stream.write(text, 'utf8');
  }
}
