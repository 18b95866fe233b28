import { nearest } from '../../lib/nearest.js';
import { describeValue, listWords } from '../config/describe-value.js';
import type { Finding } from '../config/issues-to-findings.js';

export type Path = readonly PropertyKey[];

interface Bounds {
  readonly least?: number;
  readonly most?: number;
  readonly whole?: boolean;
}

/**
 * A part of a foreign configuration, and where it stands. What is not as expected is added to the findings, and the
 * answer is then undefined, as it is for what is absent.
 */
export class Part {
  readonly value: unknown;
  readonly path: Path;
  readonly findings: Finding[];

  constructor(value: unknown, path: Path, findings: Finding[]) {
    this.value = value;
    this.path = path;
    this.findings = findings;
  }

  get isPresent(): boolean {
    return this.value !== undefined;
  }

  at(name: PropertyKey): Part {
    const { value } = this;
    const own = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    const inner = own ? (value as Record<PropertyKey, unknown>)[name] : undefined;
    return new Part(inner, [...this.path, name], this.findings);
  }

  /** The part itself, after saying which keys it has that are not among the known ones, each with the nearest. */
  withKeys(known: readonly string[]): Part {
    for (const [key, part] of this.entries()) {
      if (known.includes(key)) continue;
      const meant = nearest(key, known);
      const remedy = meant === undefined ? '' : `; did you mean "${meant}"?`;
      part.refuse(`unknown key ${JSON.stringify(key)}; expected one of ${listWords(known)}${remedy}`);
    }
    return this;
  }

  /** The members of a mapping, those that are undefined left out. */
  entries(): [string, Part][] {
    if (!this.isPresent) return [];
    if (!isMapping(this.value)) return this.#fail('a mapping') ?? [];
    const names = Object.keys(this.value).filter((name) => this.at(name).isPresent);
    return names.map((name) => [name, this.at(name)]);
  }

  items(): Part[] {
    if (!this.isPresent) return [];
    if (!Array.isArray(this.value)) return this.#fail('a list') ?? [];
    return this.value.map((_item, index) => this.at(index));
  }

  text(expected = 'text'): string | undefined {
    if (!this.isPresent) return undefined;
    return typeof this.value === 'string' && this.value !== '' ? this.value : this.#fail(expected);
  }

  requiredText(expected = 'text'): string | undefined {
    return this.isPresent ? this.text(expected) : this.#fail(expected);
  }

  /** A list of texts that is there and not empty. */
  requiredTexts(expected: string): string[] {
    if (!Array.isArray(this.value) || this.value.length === 0) return this.#fail(expected) ?? [];
    return this.items().flatMap((item) => item.requiredText() ?? []);
  }

  texts(): string[] {
    return this.items().flatMap((item) => item.requiredText() ?? []);
  }

  number(bounds: Bounds = {}): number | undefined {
    if (!this.isPresent) return undefined;
    const number = typeof this.value === 'bigint' ? Number(this.value) : this.value;
    const fits =
      typeof number === 'number' &&
      Number.isFinite(number) &&
      number >= (bounds.least ?? -Infinity) &&
      number <= (bounds.most ?? Infinity) &&
      (bounds.whole !== true || Number.isInteger(number));
    return fits ? number : this.#fail(numberWords(bounds));
  }

  requiredNumber(bounds: Bounds = {}): number | undefined {
    return this.isPresent ? this.number(bounds) : this.#fail(numberWords(bounds));
  }

  flag(): boolean | undefined {
    if (!this.isPresent) return undefined;
    return typeof this.value === 'boolean' ? this.value : this.#fail('true or false');
  }

  oneOf<Word extends string>(words: readonly Word[]): Word | undefined {
    if (!this.isPresent) return undefined;
    const found = words.find((word) => word === this.value);
    if (found !== undefined) return found;
    const meant = typeof this.value === 'string' ? nearest(this.value, words) : undefined;
    const remedy = meant === undefined ? '' : `; did you mean "${meant}"?`;
    const quoted = words.map((word) => JSON.stringify(word));
    return this.#fail(`${listWords(quoted)}${remedy}`);
  }

  requiredOneOf<Word extends string>(words: readonly Word[]): Word | undefined {
    return this.isPresent ? this.oneOf(words) : this.#fail(listWords(words.map((word) => `"${word}"`)));
  }

  /** Says what is wrong with it, in a whole sentence. */
  refuse(message: string): undefined {
    this.findings.push({ path: this.path, message });
    return undefined;
  }

  #fail(expected: string): undefined {
    const found = describeValue(this.value);
    this.findings.push({
      path: this.path,
      found,
      expected,
      message: `found ${found}; expected ${expected}`,
    });
    return undefined;
  }
}

/** Whichever of two names of one thing is there; both are refused. */
export function aliased(part: Part, names: readonly string[]): Part {
  const present = names.filter((name) => part.at(name).isPresent);
  const [first = names[0] ?? '', second] = present;
  if (second !== undefined)
    part.at(second).refuse(`is another name of "${first}", which is there, too; expected one of them`);
  return part.at(first);
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function numberWords({ least, most, whole }: Bounds): string {
  const noun = whole === true ? 'a whole number' : 'a number';
  if (least === undefined) return noun;
  return most === undefined ? `${noun} of at least ${least}` : `${noun} from ${least} to ${most}`;
}
