import { asItLooks } from './lookalikes.js';

/** What a terminal or a reader does not show: controls, formats, unassigned and private characters, fillers, odd spaces. */
const hidden =
  /[\p{C}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]|[^\S ]|\u034f|\u17b4|\u17b5|\u180b|\u180c|\u180d|\u180f|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/u;
/** Splits a text into words and what is between them, losing nothing. */
const words = /([\p{L}\p{M}\p{N}]+)/u;

export function isHidden(character: string): boolean {
  return hidden.test(character);
}

/**
 * Places, counted in characters, of letters of other scripts that look Latin, in words that have Latin letters too or
 * nothing but such letters. Text without any Latin letter has nothing to pose as.
 */
export function posersIn(text: string): ReadonlySet<number> {
  const posers = new Set<number>();
  if (/^[ -~]*$/.test(text) || !/[A-Za-z]/.test(text)) return posers;
  let at = 0;
  for (const part of text.split(words)) {
    const letters = Array.from(part);
    const posing = letters.flatMap((one, index) => (isPoser(one) ? [at + index] : []));
    if (/[A-Za-z0-9]/.test(part) || posing.length === letters.length) {
      for (const index of posing) posers.add(index);
    }
    at += letters.length;
  }
  return posers;
}

/** The usual name of a character, as `U+200B`. */
export function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Looks like letters of ASCII, and is none. */
function isPoser(letter: string): boolean {
  return !/^[ -~]$/.test(letter) && /^[ -~]+$/.test(asItLooks(letter));
}
