export interface LineListener {
  /** One line without its end; never blank. */
  line(bytes: Buffer): void;
  /** Once for each line that is longer than the limit; the line itself is dropped. */
  tooLong(): void;
  /** How many bytes of such a line were dropped, as they come. */
  dropped?(bytes: number): void;
}

/** Cuts a byte stream into lines without ever holding more than the limit. */
export class LineReader {
  readonly #limit: number;
  readonly #listener: LineListener;
  #parts: Buffer[] = [];
  #length = 0;

  constructor(limit: number, listener: LineListener) {
    this.#limit = limit;
    this.#listener = listener;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
      this.#keep(chunk.subarray(start, end));
      this.end();
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  /** The stream is over, or the line is. */
  end(): void {
    const parts = this.#parts;
    const length = this.#length;
    this.#parts = [];
    this.#length = 0;
    if (length > this.#limit) return;
    const [first] = parts;
    const line = parts.length === 1 && first !== undefined ? first : Buffer.concat(parts);
    if (line.some((byte) => byte > 0x20)) this.#listener.line(line);
  }

  #keep(part: Buffer): void {
    const before = this.#length;
    this.#length += part.length;
    if (this.#length <= this.#limit) {
      this.#parts.push(part);
      return;
    }
    this.#parts = [];
    const isFirst = before <= this.#limit;
    if (isFirst) this.#listener.tooLong();
    this.#listener.dropped?.(isFirst ? this.#length : part.length);
  }
}
