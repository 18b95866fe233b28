/** What a person did with the line that they type. */
export type LineEvent =
  | { readonly kind: 'line'; readonly text: string }
  /** End of input on an empty line. */
  | { readonly kind: 'end' }
  | { readonly kind: 'interrupt' };

const longestLine = 1000;
const escapeKey = '\u001b';
/** What follows it where a key has no character of its own: arrows, function keys, marks around pasted text. */
const sequence = /^(?:\[[0-?]*[ -/]*[@-~]|O.|.)?/s;

/** One line, typed key by key on a terminal that shows nothing by itself. */
export class LineEditor {
  readonly #echo: (text: string) => void;
  #text = '';

  constructor(echo: (text: string) => void) {
    this.#echo = echo;
  }

  /** Takes what was typed up to the first event; returns that, and what is left. */
  take(typed: string): { readonly event?: LineEvent; readonly rest: string } {
    let left = typed;
    while (left !== '') {
      const [key = ''] = left;
      left = left.slice(key.length);
      if (key === escapeKey) left = left.replace(sequence, '');
      const event = key === escapeKey ? undefined : this.#press(key);
      if (event !== undefined) return { event, rest: left };
    }
    return { rest: '' };
  }

  #press(key: string): LineEvent | undefined {
    if (key === '\r' || key === '\n') return this.#entered();
    if (key === '\u0003') return { kind: 'interrupt' };
    if (key === '\u0004') return this.#text === '' ? { kind: 'end' } : undefined;
    if (key === '\u007f' || key === '\b') this.#rubOut(1);
    else if (key === '\u0015') this.#rubOut(Array.from(this.#text).length);
    else if (/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u.test(key) && this.#text.length < longestLine) {
      this.#text += key;
      this.#echo(key);
    }
    return undefined;
  }

  #entered(): LineEvent {
    const text = this.#text;
    this.#text = '';
    this.#echo('\n');
    return { kind: 'line', text };
  }

  #rubOut(count: number): void {
    const letters = Array.from(this.#text);
    const kept = letters.slice(0, Math.max(0, letters.length - count));
    this.#echo('\b \b'.repeat(letters.length - kept.length));
    this.#text = kept.join('');
  }
}
