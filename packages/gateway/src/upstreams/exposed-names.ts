import { createHash } from 'node:crypto';

/** A tool as naming sees it. */
export interface NameWish {
  readonly upstream: string;
  readonly name: string;
  /** Whether the upstream's id goes in front in any case. */
  readonly always: boolean;
}

const longest = 64;
const rememberedNames = 50_000;

/**
 * Gives each tool the name by which callers know it. A tool keeps its own name unless another upstream offers the same
 * (compared without regard to case); then each of them gets `{upstream}__` in front.
 *
 * Invariant: while the process lives, a plain name never comes to mean another upstream's tool. A name that collided
 * once, or that belonged to another upstream before, stays prefixed even when the other side has gone.
 */
export class ExposedNames {
  /** Who has had a plain name, by its folded form; `undefined` marks a name that may never be plain again. */
  readonly #owners = new Map<string, string | undefined>();

  /** The names, in the order of the wishes; `undefined` for a tool for which no unique name can be made. */
  assign(wishes: readonly NameWish[]): (string | undefined)[] {
    for (const wish of wishes) this.#claim(wish);
    const wanted = wishes.map((wish) => this.#wantedName(wish));
    const counts = countFolded(wanted);
    const names = wanted.map((name, index) => {
      const wish = wishes[index];
      return wish !== undefined && (counts.get(name.toLowerCase()) ?? 0) > 1 ? hashed(name, wish) : name;
    });
    const final = countFolded(names);
    this.#forget(wishes);
    return names.map((name) => (final.get(name.toLowerCase()) === 1 ? name : undefined));
  }

  #claim({ upstream, name, always }: NameWish): void {
    if (always) return;
    const folded = name.toLowerCase();
    if (!this.#owners.has(folded)) this.#owners.set(folded, upstream);
    else if (this.#owners.get(folded) !== upstream) this.#owners.set(folded, undefined);
  }

  #wantedName(wish: NameWish): string {
    const contested = wish.always || this.#owners.get(wish.name.toLowerCase()) === undefined;
    const name = contested ? `${wish.upstream}__${wish.name}` : wish.name;
    return name.length > longest ? hashed(name, wish) : name;
  }

  /** An upstream that keeps inventing names must not fill the memory: past the limit only present names are kept. */
  #forget(wishes: readonly NameWish[]): void {
    if (this.#owners.size <= rememberedNames) return;
    const present = new Set(wishes.map((wish) => wish.name.toLowerCase()));
    for (const folded of this.#owners.keys()) if (!present.has(folded)) this.#owners.delete(folded);
  }
}

/** Shortened to fit, with a suffix that depends on nothing but the upstream's id and the tool's own name. */
function hashed(name: string, { upstream, name: own }: NameWish): string {
  const suffix = createHash('sha256').update(`${upstream}\0${own}`).digest('hex').slice(0, 8);
  return `${name.slice(0, longest - suffix.length - 1)}_${suffix}`;
}

function countFolded(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1);
  return counts;
}
