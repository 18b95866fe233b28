import type { Secret } from '../model/secret.js';
import { replaceSpans, type Span } from './replace-spans.js';
import { type Needle, needlesOf } from './secret-needles.js';
import { undoEscapes } from './undo-escapes.js';

/**
 * Takes known secrets out of whole messages: as they are, JSON-escaped, percent-encoded, and in base64 or base64url
 * at any alignment. Text without any comes back as the same string; JSON stays JSON.
 */
export class Redactor {
  readonly #learned = new Set<string>();
  #needles: Needle[] = [];

  /** From now on `secret` is taken out; learning it again costs nothing. */
  learn(secret: Secret): void {
    const value = secret.reveal();
    if (value === '' || this.#learned.has(value)) return;
    this.#learned.add(value);
    // Longest first: of two secrets of which one contains the other, the longer goes whole.
    this.#needles = [...this.#needles, ...needlesOf(value)].sort((a, b) => b.text.length - a.text.length);
  }

  /** `text` with every known secret replaced by `[redacted]`. */
  redact(text: string): string {
    if (this.#needles.length === 0) return text;
    const escaped = text.includes('\\') || text.includes('%');
    const undone = escaped ? undoEscapes(text) : text;
    let redacted = text;
    for (const needle of this.#needles) {
      if (!undone.includes(escaped ? needle.probe : needle.text)) continue;
      redacted = redactPlain(redacted, needle);
      if (escaped) redacted = redactEscaped(redacted, needle);
    }
    return redacted;
  }
}

function redactPlain(text: string, needle: Needle): string {
  const spans: Span[] = [];
  const { length } = needle.text;
  for (
    let start = text.indexOf(needle.text);
    start !== -1;
    start = text.indexOf(needle.text, start + length)
  ) {
    spans.push({ start, end: start + length });
  }
  return replaceAll(text, spans, needle);
}

function redactEscaped(text: string, needle: Needle): string {
  return replaceAll(text, needle.escaped.spansIn(text), needle);
}

function replaceAll(text: string, spans: readonly Span[], needle: Needle): string {
  return spans.length === 0 ? text : replaceSpans(text, spans, needle.structural && isJson(text));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
