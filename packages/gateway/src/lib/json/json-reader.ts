import type { JsonObject, JsonValue } from '../../model/json.js';
import { exactNumber } from './exact-number.js';
import { describeAt, JsonFault, quoteForeign } from './json-fault.js';
import { readString } from './json-string.js';

/** Where a member's value stands in the text; `inner` is collected for members of the root only. */
export interface MemberSpan {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly inner: MemberSpan[] | undefined;
}

/** A number of at most this many digits and no exponent always survives a double (IEEE 754, DBL_DIG). */
const safeDigits = 15;

/** Strings without anything special are read in place up to this length. */
const shortString = 64;

/** One strict pass over a text. Make one reader per text; `readAll` throws nothing but JsonFault. */
export class JsonReader {
  readonly #text: string;
  readonly #maxDepth: number;
  #at = 0;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  /** Collects the spans of the root's members, and of their members, into `spans` where it is given. */
  readAll(spans?: MemberSpan[]): JsonValue {
    if (this.#is(0, 0xfeff)) {
      throw new JsonFault('byte_order_mark', 0, 'Found a byte order mark, expected JSON without one');
    }
    this.#skipSpace();
    const value = this.#readValue(0, spans);
    this.#skipSpace();
    if (this.#at < this.#text.length) {
      throw this.#fault(
        'trailing_data',
        `Found ${this.#found()} after the value, expected the end of the text`,
      );
    }
    return value;
  }

  #readValue(depth: number, spans: MemberSpan[] | undefined): JsonValue {
    const code = this.#at < this.#text.length ? this.#text.charCodeAt(this.#at) : 0;
    if (code === 0x22) return this.#readString();
    if (code === 0x7b) return this.#readObject(depth, spans);
    if (code === 0x5b) return this.#readArray(depth);
    if (code === 0x2d || (code >= 0x30 && code <= 0x39)) return this.#readNumber();
    if (code === 0x74) return this.#readLiteral('true', true);
    if (code === 0x66) return this.#readLiteral('false', false);
    if (code === 0x6e) return this.#readLiteral('null', null);
    throw this.#expected('a value');
  }

  #readObject(depth: number, spans: MemberSpan[] | undefined): JsonObject {
    this.#enter(depth);
    const object: JsonObject = {};
    if (this.#take(0x7d)) return object;
    do {
      const name = this.#readName(object);
      const start = this.#at;
      const inner = depth === 0 && spans !== undefined ? [] : undefined;
      object[name] = this.#readValue(depth + 1, inner);
      spans?.push({ name, start, end: this.#at, inner });
      this.#skipSpace();
    } while (this.#take(0x2c));
    if (!this.#take(0x7d)) throw this.#expected("',' or '}' after a member");
    return object;
  }

  /** Reads up to where the member's value begins. */
  #readName(object: JsonObject): string {
    this.#skipSpace();
    const nameAt = this.#at;
    if (!this.#is(nameAt, 0x22)) throw this.#expected('a member name in double quotes');
    const name = this.#readString();
    if (name === '__proto__') {
      throw new JsonFault('forbidden_name', nameAt, 'Found the name "__proto__", expected any other name');
    }
    if (Object.hasOwn(object, name)) {
      const problem = `Found the name ${quoteForeign(name)} twice in one object, expected each name once`;
      throw new JsonFault('duplicate_name', nameAt, problem);
    }
    this.#skipSpace();
    if (!this.#take(0x3a)) throw this.#expected("':' after a member name");
    this.#skipSpace();
    return name;
  }

  #readArray(depth: number): JsonValue[] {
    this.#enter(depth);
    const array: JsonValue[] = [];
    if (this.#take(0x5d)) return array;
    do {
      this.#skipSpace();
      array.push(this.#readValue(depth + 1, undefined));
      this.#skipSpace();
    } while (this.#take(0x2c));
    if (!this.#take(0x5d)) throw this.#expected("',' or ']' after an element");
    return array;
  }

  /** Invariant: nothing recursive sees a value deeper than the limit, since it is refused before it is built. */
  #enter(depth: number): void {
    if (depth >= this.#maxDepth) {
      throw this.#fault(
        'too_deep',
        `Found one level too many, expected at most ${this.#maxDepth} levels of nesting`,
      );
    }
    this.#at++;
    this.#skipSpace();
  }

  #readString(): string {
    const text = this.#text;
    const start = this.#at + 1;
    const limit = Math.min(text.length, start + shortString);
    for (let at = start; at < limit; at++) {
      const code = text.charCodeAt(at);
      if (code === 0x22) {
        this.#at = at + 1;
        return text.slice(start, at);
      }
      if (code === 0x5c || code < 0x20 || code >= 0xd800) break;
    }
    const { value, end } = readString(text, this.#at);
    this.#at = end;
    return value;
  }

  #readNumber(): number | bigint {
    const start = this.#at;
    const first = this.#is(start, 0x2d) ? start + 1 : start;
    let end = this.#digitsEnd(first);
    if (end - first > 1 && this.#is(first, 0x30)) {
      throw new JsonFault('syntax', first, 'Found a leading zero, expected a number without one');
    }
    if (this.#is(end, 0x2e)) end = this.#digitsEnd(end + 1);
    const short = end - first <= safeDigits;
    const exponent = this.#is(end, 0x65) || this.#is(end, 0x45);
    if (exponent) {
      const signed = this.#is(end + 1, 0x2b) || this.#is(end + 1, 0x2d);
      end = this.#digitsEnd(signed ? end + 2 : end + 1);
    }
    this.#at = end;
    const literal = this.#text.slice(start, end);
    const value = short && !exponent ? Number(literal) : exactNumber(literal);
    if (value !== undefined) return value;
    const problem = `Found the number ${quoteForeign(literal)}, expected one that can be kept exactly, or a string`;
    throw new JsonFault('number', start, problem);
  }

  /** The place behind one or more digits. */
  #digitsEnd(start: number): number {
    const text = this.#text;
    let at = start;
    while (at < text.length && text.charCodeAt(at) >= 0x30 && text.charCodeAt(at) <= 0x39) at++;
    if (at > start) return at;
    throw new JsonFault('syntax', at, `Found ${describeAt(text, at)}, expected a digit`);
  }

  #readLiteral<T extends boolean | null>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#expected(`the word ${word} or another value`);
    this.#at += word.length;
    return value;
  }

  #skipSpace(): void {
    while (this.#at < this.#text.length) {
      const code = this.#text.charCodeAt(this.#at);
      if (code > 0x20 || (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09)) return;
      this.#at++;
    }
  }

  #is(at: number, code: number): boolean {
    return at < this.#text.length && this.#text.charCodeAt(at) === code;
  }

  #take(code: number): boolean {
    if (!this.#is(this.#at, code)) return false;
    this.#at++;
    return true;
  }

  #found(): string {
    return describeAt(this.#text, this.#at);
  }

  #expected(what: string): JsonFault {
    return this.#fault('syntax', `Found ${this.#found()}, expected ${what}`);
  }

  #fault(code: JsonFault['code'], problem: string): JsonFault {
    return new JsonFault(code, this.#at, problem);
  }
}
