import { codeOf, isHidden, posersIn } from './deceptive-characters.js';

/**
 * Foreign text between quotes as JSON writes it, on one line, in which every character that is hidden, or that stands for
 * a Latin letter which it is not, is an escape. A backslash of the text itself is doubled, so that nothing looks like one.
 */
export function inertText(text: string): string {
  const posers = posersIn(text);
  const shown = Array.from(text).map((one, index) => {
    if (one < ' ' || one === '"' || one === '\\') return JSON.stringify(one).slice(1, -1);
    return posers.has(index) || isHidden(one) ? `\\u{${codePointOf(one).toString(16)}}` : one;
  });
  return `"${shown.join('')}"`;
}

/** JSON of a value in which what is hidden is written as the escapes of JSON, so that a terminal shows it too. */
export function inertJson(value: unknown): string {
  const json = JSON.stringify(value, bigintAsText, 2);
  return Array.from(json)
    .map((one) => (one !== '\n' && isHidden(one) ? jsonEscape(one) : one))
    .join('');
}

/** The characters of a text that are hidden or pose as others, each once, as `U+200B`. */
export function suspects(text: string): string[] {
  const posers = posersIn(text);
  const found = Array.from(text).filter((one, index) => posers.has(index) || isHidden(one));
  return [...new Set(found)].filter((one) => one !== '\n' && one !== '\t').map(codeOf);
}

function jsonEscape(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

function codePointOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

/** Integers beyond 2^53 are written as text, which every reader keeps exactly. */
function bigintAsText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
