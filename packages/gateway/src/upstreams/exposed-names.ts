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
 * (compared without regard to case); then each of them gets `{upstream}__` in front. So does a tool whose own name
 * begins as another upstream's prefixed names do: nobody can take those, or wait for them to become free.
 *
 * Invariant: while the process lives, a name never comes to mean another upstream's tool. A name that collided once, or
 * that belonged to another upstream before, stays prefixed even when the other side has gone.
 */
export class ExposedNames {
  /** Who was first to have a name, plain or prefixed, by its folded form. */
  readonly #holders = new Map<string, string>();
  /** Names that may never be plain again, folded. */
  readonly #contested = new Set<string>();

  /**
   * The names, in the order of the wishes; `undefined` for a tool for which no unique name can be made. `ids` are all
   * upstreams, with or without tools at the moment.
   */
  assign(
    wishes: readonly NameWish[],
    ids: readonly string[] = wishes.map(({ upstream }) => upstream),
  ): (string | undefined)[] {
    const known = new Set(ids);
    const mayBePlain = wishes.map((wish) => !wish.always && !beginsLikeAnother(wish, known));
    for (const wish of wishes.filter((_, index) => mayBePlain[index])) this.#claim(wish);
    const wanted = wishes.map((wish, index) =>
      mayBePlain[index] && !this.#contested.has(wish.name.toLowerCase())
        ? fitted(wish.name, wish)
        : prefixed(wish),
    );
    const free = this.#freeOf(wanted, wishes);
    const names = wishes.map((wish, index) => {
      const name = wanted[index] ?? '';
      return free[index] ? name : hashed(name, wish);
    });
    const unique = this.#freeOf(names, wishes);
    const given = names.map((name, index) => (unique[index] ? name : undefined));
    this.#remember(given, wishes);
    return given;
  }

  #claim({ upstream, name }: NameWish): void {
    const folded = name.toLowerCase();
    const holder = this.#holders.get(folded);
    if (holder === undefined) this.#holders.set(folded, upstream);
    else if (holder !== upstream) this.#contested.add(folded);
  }

  /** For each name whether nobody else wants it now or had it before. */
  #freeOf(names: readonly string[], wishes: readonly NameWish[]): boolean[] {
    const folded = names.map((name) => name.toLowerCase());
    const counts = new Map<string, number>();
    for (const name of folded) counts.set(name, (counts.get(name) ?? 0) + 1);
    return folded.map((name, index) => {
      const upstream = wishes[index]?.upstream;
      return counts.get(name) === 1 && (this.#holders.get(name) ?? upstream) === upstream;
    });
  }

  /** An upstream that keeps inventing names must not fill the memory: past the limit only present names are kept. */
  #remember(names: readonly (string | undefined)[], wishes: readonly NameWish[]): void {
    const present = new Set(wishes.map((wish) => wish.name.toLowerCase()));
    names.forEach((name, index) => {
      const upstream = wishes[index]?.upstream;
      if (name === undefined || upstream === undefined) return;
      this.#holders.set(name.toLowerCase(), upstream);
      present.add(name.toLowerCase());
    });
    if (this.#holders.size <= rememberedNames) return;
    for (const folded of this.#holders.keys()) if (!present.has(folded)) this.#holders.delete(folded);
    for (const folded of this.#contested) if (!present.has(folded)) this.#contested.delete(folded);
  }
}

/** No id holds `__`, so the first one tells whose prefix a name begins with. */
function beginsLikeAnother({ upstream, name }: NameWish, ids: ReadonlySet<string>): boolean {
  const end = name.indexOf('__');
  const id = name.slice(0, Math.max(0, end)).toLowerCase();
  return id !== upstream && ids.has(id);
}

function prefixed(wish: NameWish): string {
  return fitted(`${wish.upstream}__${wish.name}`, wish);
}

function fitted(name: string, wish: NameWish): string {
  return name.length > longest ? hashed(name, wish) : name;
}

/** Shortened to fit, with a suffix that depends on nothing but the upstream's id and the tool's own name. */
function hashed(name: string, { upstream, name: own }: NameWish): string {
  const suffix = createHash('sha256').update(`${upstream}\0${own}`).digest('hex').slice(0, 8);
  return `${name.slice(0, longest - suffix.length - 1)}_${suffix}`;
}
