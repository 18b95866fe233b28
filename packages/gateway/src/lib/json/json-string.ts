/// <reference lib="es2024.string" />
import { describeAt, JsonFault } from './json-fault.js';

/** A string's value and the place behind its closing quote. */
interface ReadString {
  readonly value: string;
  readonly end: number;
}

/** From this length on the platform's own reader is much faster than a loop, as it looks at many characters at once. */
const longString = 64;

/** Reads the string whose opening quote stands at `open`, whatever is in it. */
export function readString(text: string, open: number): ReadString {
  const end = stringEnd(text, open);
  return (end - open > longString ? readLongString(text, open, end) : undefined) ?? readCarefully(text, open);
}

/** The place behind a string's closing quote: the first quote behind an even number of backslashes. */
export function stringEnd(text: string, open: number): number {
  let quote = text.indexOf('"', open + 1);
  while (quote >= 0) {
    let before = quote - 1;
    while (text.charCodeAt(before) === 0x5c) before--;
    if ((quote - 1 - before) % 2 === 0) return quote + 1;
    quote = text.indexOf('"', quote + 1);
  }
  return text.length;
}

/** Nothing where the string is faulty: then the careful reader says how. */
function readLongString(text: string, open: number, end: number): ReadString | undefined {
  const quoted = text.slice(open, end);
  try {
    const value = String(JSON.parse(quoted));
    // Both are asked, since half a pair may be raw and the other half escaped.
    return quoted.isWellFormed() && value.isWellFormed() ? { value, end } : undefined;
  } catch {
    return undefined;
  }
}

function readCarefully(text: string, open: number): ReadString {
  let value = '';
  let plain = open + 1;
  let at = plain;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return { value: value + text.slice(plain, at), end: at + 1 };
    if (code === 0x5c) {
      const escaped = readEscape(text, at);
      value += text.slice(plain, at) + escaped.value;
      at = escaped.end;
      plain = at;
    } else at = endOfCharacter(text, at);
  }
  throw new JsonFault('syntax', text.length, `Found the end of the text, expected '"' to end a string`);
}

function endOfCharacter(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code < 0x20) {
    const found = describeAt(text, at);
    throw new JsonFault(
      'syntax',
      at,
      `Found the control character ${found} in a string, expected it escaped`,
    );
  }
  if (code < 0xd800 || code > 0xdfff) return at + 1;
  if (code < 0xdc00 && isLowSurrogate(text.charCodeAt(at + 1))) return at + 2;
  throw loneSurrogate(at);
}

function readEscape(text: string, at: number): ReadString {
  const simple = simpleEscapes.get(text.charAt(at + 1));
  if (simple !== undefined) return { value: simple, end: at + 2 };
  const first = unicodeEscape(text, at);
  if (first < 0xd800 || first > 0xdfff) return { value: String.fromCharCode(first), end: at + 6 };
  const second = first < 0xdc00 && text.startsWith('\\u', at + 6) ? unicodeEscape(text, at + 6) : 0;
  if (!isLowSurrogate(second)) throw loneSurrogate(at);
  return { value: String.fromCharCode(first, second), end: at + 12 };
}

function unicodeEscape(text: string, at: number): number {
  if (text.charAt(at + 1) !== 'u') {
    throw new JsonFault(
      'syntax',
      at,
      'Found an unknown escape, expected \\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u',
    );
  }
  let unit = 0;
  for (let place = at + 2; place < at + 6; place++) {
    const digit = hexDigits.indexOf(text.charAt(place).toLowerCase() || ' ');
    if (digit < 0) {
      const found = describeAt(text, place);
      throw new JsonFault('syntax', place, `Found ${found}, expected four hexadecimal digits after \\u`);
    }
    unit = unit * 16 + digit;
  }
  return unit;
}

const hexDigits = '0123456789abcdef';

const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

function loneSurrogate(at: number): JsonFault {
  return new JsonFault(
    'lone_surrogate',
    at,
    'Found half of a surrogate pair in a string, expected a whole character',
  );
}
