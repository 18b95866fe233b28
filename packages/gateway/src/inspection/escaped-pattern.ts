import type { Span } from './replace-spans.js';

/** The beginning that is searched for is short, so that it compiles at once; what follows is compiled when it is met. */
const firstUnits = 12;
/** A regular expression for a whole private key would overflow the stack of the engine. */
const followingUnits = 64;

/**
 * Finds a text also where its characters are JSON-escaped or percent-encoded, all or some of them, up to three times
 * over. Repetitions are bounded or begin at one place, so that no searched text makes it slow.
 */
export class EscapedPattern {
  readonly #begin: RegExp;
  readonly #units: readonly string[];
  #following: readonly RegExp[] | undefined;

  constructor(text: string) {
    const units = text.match(/\\+|[^\\]/gu) ?? [];
    const end = chunkEnd(units, 0, firstUnits);
    this.#begin = compile(units.slice(0, end), 'gu');
    this.#units = units.slice(end);
  }

  /** Every occurrence, in order, none overlapping another. */
  spansIn(text: string): Span[] {
    const spans: Span[] = [];
    const begin = this.#begin;
    begin.lastIndex = 0;
    for (let match = begin.exec(text); match !== null; match = begin.exec(text)) {
      const end = this.#endOf(text, begin.lastIndex);
      if (end !== undefined) spans.push({ start: match.index, end });
      begin.lastIndex = end ?? match.index + 1;
    }
    return spans;
  }

  /** Where the occurrence ends whose beginning ends at `index`; undefined when it goes on otherwise. */
  #endOf(text: string, index: number): number | undefined {
    this.#following ??= chunksOf(this.#units).map((units) => compile(units, 'yu'));
    let end = index;
    for (const chunk of this.#following) {
      chunk.lastIndex = end;
      if (!chunk.test(text)) return undefined;
      end = chunk.lastIndex;
    }
    return end;
  }
}

function chunksOf(units: readonly string[]): string[][] {
  const chunks: string[][] = [];
  for (let start = 0; start < units.length; ) {
    const end = chunkEnd(units, start, followingUnits);
    chunks.push(units.slice(start, end));
    start = end;
  }
  return chunks;
}

/** Never right after a backslash: how many of them belong to it shows only with what follows. */
function chunkEnd(units: readonly string[], start: number, length: number): number {
  let end = start + length;
  while (units[end - 1]?.startsWith('\\') === true) end += 1;
  return end;
}

function compile(units: readonly string[], flags: string): RegExp {
  return new RegExp(units.map(unitPattern).join(''), flags);
}

function unitPattern(unit: string): string {
  const codes = unit.replace(/./gsu, codesOf);
  const percent = [...Buffer.from(unit, 'utf8')].map((byte) => `%(?:25){0,3}${hexPattern(byte, 2)}`).join('');
  return `(?:${codes}|${percent}|${plainPattern(unit)})`;
}

function codesOf(character: string): string {
  const codeUnits = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return codeUnits.map((code) => `\\\\{1,7}u${hexPattern(code, 4)}`).join('');
}

const shortEscapes: Readonly<Record<string, string>> = {
  '\b': 'b',
  '\f': 'f',
  '\n': 'n',
  '\r': 'r',
  '\t': 't',
};

function plainPattern(unit: string): string {
  // From where the run begins, so that a long one is gone through once.
  if (unit.startsWith('\\')) return `(?<!\\\\)\\\\{${unit.length},}`;
  if (unit === '"') return '\\\\{0,7}"';
  if (unit === '/') return '\\\\{0,7}\\/';
  if (unit === ' ') return '[ +]';
  const short = shortEscapes[unit];
  const literal = unit.replace(/[$()*+.?[\]^{|}]/, '\\$&');
  return short === undefined ? literal : `${literal}|\\\\{1,7}${short}`;
}

function hexPattern(code: number, digits: number): string {
  const hex = code.toString(16).padStart(digits, '0');
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}
