import type { Writable } from 'node:stream';

const mostWaitingCharacters = 64 * 1024 * 1024;
const mostUnneededCharacters = 4 * 1024 * 1024;

/** Writes lines to a child; those of one tick go out in one write, and none while the pipe is full. */
export class LineWriter {
  readonly #stream: Writable;
  readonly #onBroken: () => void;
  #waiting = '';
  #scheduled = false;
  #ended = false;
  #taken = 0;
  #handedOver = 0;

  /** `onBroken` is called once, when the child closes its end though ours was not closed. */
  constructor(stream: Writable, onBroken: () => void) {
    this.#stream = stream;
    this.#onBroken = onBroken;
    stream.on('drain', () => this.#flush());
    stream.on('error', () => this.#break());
    stream.on('close', () => this.#break());
  }

  /** The number of the last line that was taken, from 1. */
  get taken(): number {
    return this.#taken;
  }

  /** Whether the child leaves so much unread that what it does not need should not be added to it. */
  get behind(): boolean {
    return this.#waiting.length > mostUnneededCharacters;
  }

  /** False when the pipe is closed, or the child has left so much unread; the line was not taken then. */
  write(line: string): boolean {
    if (!this.#stream.writable) return false;
    if (this.#waiting.length + this.#stream.writableLength + line.length > mostWaitingCharacters)
      return false;
    this.#waiting += `${line}\n`;
    this.#taken++;
    if (!this.#scheduled && !this.#stream.writableNeedDrain) {
      this.#scheduled = true;
      process.nextTick(() => this.#flush());
    }
    return true;
  }

  /** Whether a line that was taken can never reach the child, because the pipe was closed before its turn came. */
  hasLost(line: number): boolean {
    return line > this.#handedOver && !this.#stream.writable;
  }

  /** Closes the pipe, which asks the child to end. */
  end(): void {
    this.#ended = true;
    this.#flush();
    this.#stream.end();
  }

  #break(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#waiting = '';
    this.#onBroken();
  }

  #flush(): void {
    this.#scheduled = false;
    if (this.#waiting === '' || !this.#stream.writable || this.#stream.writableNeedDrain) return;
    const text = this.#waiting;
    this.#waiting = '';
    this.#handedOver = this.#taken;
    this.#stream.write(text, 'utf8');
  }
}
