const usualBytes = 2 ** 16;
const lineEnd = 0x0a;

/** Lines in UTF-8 that go into a file with one write. */
export class LineBuffer {
  #bytes = Buffer.allocUnsafeSlow(usualBytes);
  #length = 0;

  /** Those before `length` count; they are valid until the next change. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  get length(): number {
    return this.#length;
  }

  push(line: string): void {
    // A UTF-16 unit takes at most three bytes, so most lines need not be measured.
    if (this.#length + line.length * 3 >= this.#bytes.length) this.#makeRoom(Buffer.byteLength(line) + 1);
    this.#length += this.#bytes.write(line, this.#length);
    this.#bytes[this.#length++] = lineEnd;
  }

  clear(): void {
    this.#length = 0;
    if (this.#bytes.length > usualBytes) this.#bytes = Buffer.allocUnsafeSlow(usualBytes);
  }

  #makeRoom(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
