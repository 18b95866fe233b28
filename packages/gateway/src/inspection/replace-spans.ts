const mark = '[redacted]';

/** A part of a text, from `start` up to but not including `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * `text` with each span (ascending, not overlapping) replaced by `[redacted]`, never cutting an escape sequence.
 * With `json`, when the text is JSON and a span might touch what is outside its strings, it also stays JSON there:
 * a number is replaced whole by a string, and what is mere structure is no secret and stays.
 */
export function replaceSpans(text: string, spans: readonly Span[], json: boolean): string {
  const strings = new StringTracker(text);
  let out = '';
  let done = 0;
  for (const span of spans) {
    const outside = json && !strings.contain(span.start);
    const isNumber = outside && /^[-+.0-9eE]+$/.test(text.slice(span.start, span.end));
    if (json && !isNumber && (outside || strings.endWithin(span))) continue;
    const { start, end } = isNumber ? wholeNumber(text, span) : wholeEscapes(text, span);
    if (end <= done) continue;
    out += text.slice(done, Math.max(done, start)) + (isNumber ? `"${mark}"` : mark);
    done = end;
  }
  return out + text.slice(done);
}

/** Widens a span so that no escape sequence is cut in two, which would leave broken JSON. */
function wholeEscapes(text: string, span: Span): Span {
  let { start, end } = span;
  const code = /u[0-9a-fA-F]{0,3}$/.exec(text.slice(Math.max(0, start - 4), start));
  if (isEscaped(text, start)) start -= 1;
  else if (code !== null && isEscaped(text, start - code[0].length)) start -= code[0].length + 1;
  if (end < text.length && isEscaped(text, end)) end += 1;
  return { start, end };
}

function wholeNumber(text: string, span: Span): Span {
  let { start, end } = span;
  while (start > 0 && /[-+.0-9eE]/.test(text.charAt(start - 1))) start -= 1;
  while (end < text.length && /[-+.0-9eE]/.test(text.charAt(end))) end += 1;
  return { start, end };
}

/** Whether an odd number of backslashes stands before `index`. */
function isEscaped(text: string, index: number): boolean {
  let first = index;
  while (first > 0 && text.charCodeAt(first - 1) === 0x5c) first -= 1;
  return (index - first) % 2 === 1;
}

/** Knows for ascending positions of a JSON document whether they lie inside a string. */
class StringTracker {
  readonly #text: string;
  #next: number;
  #inside = false;

  constructor(text: string) {
    this.#text = text;
    this.#next = text.indexOf('"');
  }

  contain(index: number): boolean {
    while (this.#next !== -1 && this.#next < index) {
      if (!this.#inside || !isEscaped(this.#text, this.#next)) this.#inside = !this.#inside;
      this.#next = this.#text.indexOf('"', this.#next + 1);
    }
    return this.#inside;
  }

  /** Whether the string that holds the start of `span` (asked with `contain`) ends before `span` does. */
  endWithin(span: Span): boolean {
    let next = this.#next;
    while (next !== -1 && next < span.end && isEscaped(this.#text, next))
      next = this.#text.indexOf('"', next + 1);
    return next !== -1 && next < span.end;
  }
}
