import { MalformedResponse } from './http-response-head.js';

const longestBlock = 64 * 1024;
const blankLine = '\r\n\r\n';

/** Gathers the lines up to a blank one, however they are split. */
export class HeaderBlock {
  #held: Buffer | undefined;
  #size = 0;
  /** The last whole block, one character a byte, without its blank line. */
  text = '';

  /** Takes from `chunk` and tells where the block ends in it; -1 when there is more to come. */
  take(chunk: Buffer, at: number): number {
    if (this.#held !== undefined) return this.#gather(this.#held, chunk, at);
    const blank = chunk.indexOf(blankLine, at, 'latin1');
    if (blank < 0) return this.#gather(Buffer.allocUnsafe(longestBlock + blankLine.length), chunk, at);
    if (blank - at > longestBlock) throw tooLong();
    this.text = chunk.toString('latin1', at, blank);
    return blank + blankLine.length;
  }

  /** Forgets a block that is not whole. */
  clear(): void {
    this.#held = undefined;
    this.#size = 0;
  }

  #gather(held: Buffer, chunk: Buffer, at: number): number {
    this.#held = held;
    const before = this.#size;
    this.#size += chunk.copy(held, before, at);
    const blank = held.subarray(0, this.#size).indexOf(blankLine, Math.max(before - 3, 0), 'latin1');
    if (blank < 0) {
      if (this.#size === held.length) throw tooLong();
      return -1;
    }
    this.text = held.toString('latin1', 0, blank);
    this.clear();
    return at + blank + blankLine.length - before;
  }
}

function tooLong(): MalformedResponse {
  return new MalformedResponse(`the head is longer than ${longestBlock} bytes`);
}
