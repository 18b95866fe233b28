import { html } from 'hono/html';
import { glanceAt } from '../../lib/shown-text.js';
import type { ShownPiece, ShownText } from '../../model/shown-text.js';
import type { Markup } from './page-frame.js';

/** Text of anybody: as text, with what is hidden in it by its name. */
export function textHtml({ pieces }: ShownText): Markup {
  return html`<bdi>${pieces.map(pieceHtml)}</bdi>`;
}

/** What is shown of a long value before it is opened. */
export function glanceHtml(text: ShownText): Markup {
  const { head, tail, hiddenBytes } = glanceAt(text);
  if (hiddenBytes === 0) return html`<bdi>${head.map(pieceHtml)}</bdi>`;
  return html`<bdi>${head.map(pieceHtml)}</bdi> <em>truncated, ${hiddenBytes} bytes hidden</em> <bdi>${tail.map(pieceHtml)}</bdi>`;
}

/** A long value as it is written, with its lines. */
export function openedHtml({ pieces }: ShownText): Markup {
  return html`<pre tabindex="0"><bdi>${pieces.map((piece) => html`${pieceHtml(piece)}${breakAfter(piece)}`)}</bdi></pre>`;
}

function pieceHtml(piece: ShownPiece): string | Markup {
  if (typeof piece === 'string') return piece;
  const { code, why, times } = piece;
  const title = why === 'hidden' ? 'a character that is not seen' : 'a letter that looks like another one';
  return html`<mark title="${title}">${code}${times === 1 ? '' : ` ×${times}`}</mark>`;
}

function breakAfter(piece: ShownPiece): string {
  return typeof piece !== 'string' && piece.code === 'U+000A' ? '\n' : '';
}
