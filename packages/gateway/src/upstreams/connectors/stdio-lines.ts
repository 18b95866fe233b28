const lineFeed = 10;

/** Cuts a byte stream into lines. A line longer than the cap is skipped while it streams in, without keeping it. */
export class LineReader {
  readonly #maxBytes: number;
  readonly #onLine: (line: Buffer) => void;
  readonly #onSkipped: (bytes: number) => void;
  #parts: Buffer[] = [];
  #size = 0;
  #skipping = false;

  /** `onSkipped` hears of bytes that belong to a line that is too long, as they come. */
  constructor(maxBytes: number, onLine: (line: Buffer) => void, onSkipped: (bytes: number) => void) {
    this.#maxBytes = maxBytes;
    this.#onLine = onLine;
    this.#onSkipped = onSkipped;
  }

  feed(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      this.#append(chunk.subarray(start, end));
      this.#finish();
      start = end + 1;
    }
    if (start < chunk.length) this.#append(chunk.subarray(start));
  }

  #append(part: Buffer): void {
    if (this.#skipping) {
      this.#onSkipped(part.length);
      return;
    }
    this.#size += part.length;
    if (this.#size <= this.#maxBytes) {
      this.#parts.push(part);
      return;
    }
    this.#parts = [];
    this.#skipping = true;
    this.#onSkipped(this.#size);
  }

  #finish(): void {
    const parts = this.#parts;
    const skipped = this.#skipping;
    this.#parts = [];
    this.#size = 0;
    this.#skipping = false;
    if (!skipped)
      this.#onLine(parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts));
  }
}
