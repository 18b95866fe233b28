import { asItLooks } from '../upstreams/lookalikes.js';

/** What a terminal or a reader does not show: controls, formats, unassigned and private characters, fillers, odd spaces. */
const hidden =
  /[\p{C}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]|[^\S ]|\u034f|\u17b4|\u17b5|\u180b|\u180c|\u180d|\u180f|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/u;
/** Splits a text into words and what is between them, losing nothing. */
const words = /([\p{L}\p{M}\p{N}]+)/u;

/**
 * Foreign text between quotes as JSON writes it, on one line, in which every character that is hidden, or that stands for
 * a Latin letter which it is not, is an escape. A backslash of the text itself is doubled, so that nothing looks like one.
 */
export function inertText(text: string): string {
  const posers = posersIn(text);
  const shown = Array.from(text).map((one, index) => {
    if (one < ' ' || one === '"' || one === '\\') return JSON.stringify(one).slice(1, -1);
    return posers.has(index) || hidden.test(one) ? `\\u{${codePointOf(one).toString(16)}}` : one;
  });
  return `"${shown.join('')}"`;
}

/** JSON of a value in which what is hidden is written as the escapes of JSON, so that a terminal shows it too. */
export function inertJson(value: unknown): string {
  const json = JSON.stringify(value, bigintAsText, 2);
  return Array.from(json)
    .map((one) => (one !== '\n' && hidden.test(one) ? jsonEscape(one) : one))
    .join('');
}

/** The characters of a text that are hidden or pose as others, each once, as `U+200B`. */
export function suspects(text: string): string[] {
  const posers = posersIn(text);
  const found = Array.from(text).filter((one, index) => posers.has(index) || hidden.test(one));
  return [...new Set(found)].filter((one) => one !== '\n' && one !== '\t').map(codeOf);
}

/**
 * Places, counted in characters, of letters of other scripts that look Latin, in words that have Latin letters too or
 * nothing but such letters. Text without any Latin letter has nothing to pose as.
 */
function posersIn(text: string): ReadonlySet<number> {
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

/** Looks like letters of ASCII, and is none. */
function isPoser(letter: string): boolean {
  return !/^[ -~]$/.test(letter) && /^[ -~]+$/.test(asItLooks(letter));
}

function jsonEscape(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

function codeOf(character: string): string {
  return `U+${codePointOf(character).toString(16).toUpperCase().padStart(4, '0')}`;
}

function codePointOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

/** Integers beyond 2^53 are written as text, which every reader keeps exactly. */
function bigintAsText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
