import { stringEnd } from './json-string.js';

/** The members of an object whose text already passed parseJson, in the order of the text. */
export function membersOf(objectText: string): [name: string, text: string][] {
  const members: [string, string][] = [];
  let at = afterSpace(objectText, opening(objectText, '{') + 1);
  while (objectText[at] === '"') {
    const nameEnd = stringEnd(objectText, at);
    const start = afterSpace(objectText, afterSpace(objectText, nameEnd) + 1);
    const end = valueEnd(objectText, start);
    members.push([readName(objectText.slice(at, nameEnd)), objectText.slice(start, end)]);
    at = afterSpace(objectText, afterSpace(objectText, end) + 1);
  }
  return members;
}

/** The elements of an array whose text already passed parseJson, in order. */
export function elementsOf(arrayText: string): string[] {
  const elements: string[] = [];
  let at = afterSpace(arrayText, opening(arrayText, '[') + 1);
  while (at < arrayText.length && arrayText[at] !== ']') {
    const end = valueEnd(arrayText, at);
    elements.push(arrayText.slice(at, end));
    const next = afterSpace(arrayText, end);
    if (arrayText[next] !== ',') break;
    at = afterSpace(arrayText, next + 1);
  }
  return elements;
}

/** Writes an object from names and the JSON texts of their values; the caller sees to it that no name comes twice. */
export function writeObject(members: Iterable<readonly [name: string, text: string]>): string {
  let inside = '';
  for (const [name, text] of members) inside += `${inside === '' ? '' : ','}${JSON.stringify(name)}:${text}`;
  return `{${inside}}`;
}

/**
 * The same JSON on one line, for transports that frame by lines. Strict JSON has line breaks only between tokens, where
 * a space means the same, and U+2028 and U+2029 only in strings, where their escapes do.
 */
export function onOneLine(text: string): string {
  let line = text;
  if (line.includes('\n')) line = line.replaceAll('\n', ' ');
  if (line.includes('\r')) line = line.replaceAll('\r', ' ');
  if (line.includes('\u2028')) line = line.replaceAll('\u2028', '\\u2028');
  if (line.includes('\u2029')) line = line.replaceAll('\u2029', '\\u2029');
  return line;
}

/** The same JSON, every token as it was written, without the blanks between them. */
export function withoutBlanks(text: string): string {
  let dense = '';
  let at = 0;
  while (at < text.length) {
    const quote = text.indexOf('"', at);
    const next = quote < 0 ? text.length : quote;
    dense += text.slice(at, next).replace(/[ \t\r\n]+/g, '');
    at = quote < 0 ? next : stringEnd(text, quote);
    dense += text.slice(next, at);
  }
  return dense;
}

function opening(text: string, bracket: '{' | '['): number {
  const at = afterSpace(text, 0);
  if (text[at] !== bracket) throw new TypeError(`expected JSON text that begins with ${bracket}`);
  return at;
}

function readName(quoted: string): string {
  return quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
}

function afterSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && text.charCodeAt(at) <= 0x20) at++;
  return at;
}

function valueEnd(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return stringEnd(text, start);
  if (first === '{' || first === '[') return nestingEnd(text, start);
  let at = start;
  while (at < text.length && !isScalarEnd(text.charCodeAt(at))) at++;
  return at;
}

function isScalarEnd(code: number): boolean {
  return code <= 0x20 || code === 0x2c || code === 0x5d || code === 0x7d;
}

function nestingEnd(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      at = stringEnd(text, at);
      continue;
    }
    at++;
    if (code === 0x7b || code === 0x5b) depth++;
    else if ((code === 0x7d || code === 0x5d) && --depth === 0) return at;
  }
  return at;
}
