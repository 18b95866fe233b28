import type { ViewArgument } from '../model/approval-view.js';
import type { ShownMark, ShownPiece } from '../model/shown-text.js';

/**
 * Foreign text for a terminal: on one line, with every character that is hidden, obeyed or poses as another written as an
 * escape (`\x1b`, `\u{202e}`). A backslash of the text itself is doubled, so that nothing looks like an escape that is none.
 */
export function terminalText(pieces: readonly ShownPiece[]): string {
  return pieces
    .map((piece) => (typeof piece === 'string' ? piece.replaceAll('\\', '\\\\') : escapeOf(piece)))
    .join('');
}

/** A value as one reads which kind it is of: a text stands between quotes, whose own ones do not end it. */
export function valueText(pieces: readonly ShownPiece[], type: ViewArgument['type']): string {
  return type === 'text' ? inQuotes(terminalText(pieces)) : terminalText(pieces);
}

/** The names that lead to a value: one of the agent's may be as long, and look like anything, as it likes. */
export function pathText({ path }: ViewArgument): string {
  const name = terminalText(path.pieces);
  if (name === '') return '';
  return `${/^[\w.[\]-]*$/.test(name) ? name : inQuotes(name)}: `;
}

function inQuotes(text: string): string {
  return `"${text.replaceAll('"', '\\"')}"`;
}

function escapeOf({ code, times }: ShownMark): string {
  const number = Number.parseInt(code.slice(2), 16);
  const hex = number.toString(16);
  const shown = short.get(number) ?? (number > 0xff ? `\\u{${hex}}` : `\\x${hex.padStart(2, '0')}`);
  return times < 4 ? shown.repeat(times) : `${shown}(x${times})`;
}

const short: ReadonlyMap<number, string> = new Map([
  [8, '\\b'],
  [9, '\\t'],
  [10, '\\n'],
  [13, '\\r'],
]);

/** Breaks a line so that a terminal does not: what is foreign then never begins a line of its own. */
export function wrapped(line: string, { first, next, columns }: Margins): string[] {
  const room = Math.max(20, columns - Math.max(first.length, next.length) - 1);
  const lines: string[] = [];
  let text = '';
  let width = 0;
  for (const letter of line) {
    // Some letters take two places; those beyond ASCII are all taken to.
    const wide = letter > '~' ? 2 : 1;
    if (width + wide > room) {
      lines.push(text);
      text = '';
      width = 0;
    }
    text += letter;
    width += wide;
  }
  return [...lines, text].map((one, index) => `${index === 0 ? first : next}${one}`);
}

export interface Margins {
  /** What stands before the first line, and before each further one. */
  readonly first: string;
  readonly next: string;
  readonly columns: number;
}
