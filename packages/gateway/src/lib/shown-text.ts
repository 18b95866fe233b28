import { hash } from 'node:crypto';
import type { ShownMark, ShownPiece, ShownText } from '../model/shown-text.js';
import { codeOf, isHidden, posersIn } from './deceptive-characters.js';

/** What is longer, or has more lines, is not seen at a glance. */
const glanceCharacters = 300;
const glanceLines = 8;
/** How much of a long text is shown before it is opened, at its head and at its tail. */
const headCharacters = 160;
const tailCharacters = 80;

/** Splits a text of anybody into what can be shown as it is and what must be named. */
export function shownText(text: string): ShownText {
  const posers = posersIn(text);
  const pieces: ShownPiece[] = [];
  let plain = '';
  Array.from(text).forEach((one, index) => {
    const why = posers.has(index) ? 'lookalike' : isHidden(one) ? 'hidden' : undefined;
    if (why === undefined) {
      plain += one;
      return;
    }
    if (plain !== '') pieces.push(plain);
    plain = '';
    pushMark(pieces, { code: codeOf(one), why, times: 1 });
  });
  if (plain !== '') pieces.push(plain);
  const lines = text.split(/[\n\r\u2028\u2029]/).length;
  return {
    pieces,
    bytes: Buffer.byteLength(text),
    sha256: hash('sha256', text),
    isLong: text.length > glanceCharacters || lines > glanceLines,
  };
}

/** What is shown of a text before it is opened: all of a short one, head and tail of a long one. */
export interface Glance {
  readonly head: readonly ShownPiece[];
  readonly tail: readonly ShownPiece[];
  /** In UTF-8, of what is between them. */
  readonly hiddenBytes: number;
}

export function glanceAt({ pieces, bytes, isLong }: ShownText): Glance {
  if (!isLong) return { head: pieces, tail: [], hiddenBytes: 0 };
  const head = taken(pieces, headCharacters, 'start');
  const tail = taken(pieces, tailCharacters, 'end');
  const hiddenBytes = bytes - bytesOf(head) - bytesOf(tail);
  return hiddenBytes > 0 ? { head, tail, hiddenBytes } : { head: pieces, tail: [], hiddenBytes: 0 };
}

/** On one line, as text: a named character is `⟨U+200B⟩`, a row of them `⟨U+000A ×12⟩`. */
export function plainText(pieces: readonly ShownPiece[]): string {
  return pieces.map((piece) => (typeof piece === 'string' ? piece : `⟨${markText(piece)}⟩`)).join('');
}

function markText({ code, times }: ShownMark): string {
  return times === 1 ? code : `${code} ×${times}`;
}

function pushMark(pieces: ShownPiece[], mark: ShownMark): void {
  const last = pieces.at(-1);
  if (typeof last === 'object' && last.code === mark.code && last.why === mark.why)
    pieces[pieces.length - 1] = { ...last, times: last.times + 1 };
  else pieces.push(mark);
}

/** Whole pieces, and the last of them cut, until there are so many characters; a row of marks counts as one. */
function taken(pieces: readonly ShownPiece[], most: number, from: 'start' | 'end'): ShownPiece[] {
  const found: ShownPiece[] = [];
  let room = most;
  for (const piece of from === 'start' ? pieces : pieces.toReversed()) {
    if (room <= 0) break;
    const letters = typeof piece === 'string' ? Array.from(piece) : undefined;
    const cut = from === 'start' ? letters?.slice(0, room) : letters?.slice(-room);
    found.push(cut?.join('') ?? piece);
    room -= cut?.length ?? 1;
  }
  return from === 'start' ? found : found.toReversed();
}

function bytesOf(pieces: readonly ShownPiece[]): number {
  return pieces.reduce(
    (sum, piece) => sum + (typeof piece === 'string' ? Buffer.byteLength(piece) : markBytes(piece)),
    0,
  );
}

function markBytes({ code, times }: ShownMark): number {
  const character = String.fromCodePoint(Number.parseInt(code.slice(2), 16));
  return Buffer.byteLength(character) * times;
}
