import { createHash } from 'node:crypto';

export interface UpstreamId {
  readonly upstream: string;
  /** Whether it yields to those that are none: what is made over REST, to what the file has. */
  readonly guest?: boolean | undefined;
}

/** A tool, or a prompt, as naming sees it. */
export interface NameWish extends UpstreamId {
  readonly name: string;
  /** Whether the upstream's id goes in front in any case. */
  readonly always: boolean;
}

interface Holder {
  readonly upstream: string;
  readonly guest: boolean;
}

const longest = 64;
const rememberedNames = 50_000;

/**
 * Gives each tool the name by which callers know it. A tool keeps its own name unless another upstream offers the same
 * (compared without regard to case); then each of them gets `{upstream}__` in front. So does a tool whose own name
 * begins as another upstream's prefixed names do: nobody can take those, or wait for them to become free.
 * Guests rename nobody: what they call like somebody else is prefixed for them alone.
 *
 * Invariant: while the process lives, a name never comes to mean another upstream's tool, save that a guest yields to
 * hosts. A name that collided once, or that belonged to another upstream before, stays prefixed even when the other side
 * has gone.
 */
export class ExposedNames {
  /** Who was first to have a name, plain or prefixed, by its folded form. */
  readonly #holders = new Map<string, Holder>();
  /** Names that may never be plain again, folded. */
  readonly #contested = new Set<string>();

  /**
   * The names, in the order of the wishes; `undefined` for a tool for which no unique name can be made. `ids` are all
   * upstreams, with or without tools at the moment.
   */
  assign(wishes: readonly NameWish[], ids: readonly UpstreamId[] = idsIn(wishes)): (string | undefined)[] {
    const known = new Set(ids.map(({ upstream }) => upstream));
    const hosts = new Set(ids.flatMap(({ upstream, guest }) => (guest === true ? [] : [upstream])));
    const mayBePlain = wishes.map(
      (wish) => !wish.always && !beginsLikeAnother(wish, wish.guest === true ? known : hosts),
    );
    for (const wish of wishes.filter((_, index) => mayBePlain[index])) this.#claim(wish);
    const wanted = wishes.map((wish, index) =>
      mayBePlain[index] && this.#hasPlain(wish) ? fitted(wish.name, wish) : prefixed(wish),
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

  #claim({ upstream, name, guest = false }: NameWish): void {
    const folded = name.toLowerCase();
    const holder = this.#holders.get(folded);
    if (holder === undefined || (holder.guest && !guest)) this.#holders.set(folded, { upstream, guest });
    else if (holder.upstream !== upstream && !guest) this.#contested.add(folded);
  }

  #hasPlain({ upstream, name }: NameWish): boolean {
    const folded = name.toLowerCase();
    return !this.#contested.has(folded) && this.#holders.get(folded)?.upstream === upstream;
  }

  /** For each name whether nobody else wants it now or had it before; to hosts, guests are nobody. */
  #freeOf(names: readonly string[], wishes: readonly NameWish[]): boolean[] {
    const folded = names.map((name) => name.toLowerCase());
    const byHosts = countOf(folded.filter((_, index) => wishes[index]?.guest !== true));
    const byAll = countOf(folded);
    return folded.map((name, index) => {
      const { upstream, guest = false } = wishes[index] ?? {};
      const holder = this.#holders.get(name);
      if (holder !== undefined && holder.upstream !== upstream && (guest || !holder.guest)) return false;
      return (guest ? byAll : byHosts).get(name) === 1;
    });
  }

  #remember(names: readonly (string | undefined)[], wishes: readonly NameWish[]): void {
    const present = new Set(wishes.map((wish) => wish.name.toLowerCase()));
    names.forEach((name, index) => {
      const { upstream, guest = false } = wishes[index] ?? {};
      if (name === undefined || upstream === undefined) return;
      this.#holders.set(name.toLowerCase(), { upstream, guest });
      present.add(name.toLowerCase());
    });
    if (this.#holders.size > rememberedNames) this.#forgetMost(present);
  }

  /** An upstream that keeps inventing names must not fill the memory, nor have others' names forgotten: its own are. */
  #forgetMost(present: ReadonlySet<string>): void {
    const counts = countOf([...this.#holders.values()].map(({ upstream }) => upstream));
    const [most] = [...counts].reduce((one, other) => (other[1] > one[1] ? other : one));
    for (const [folded, { upstream }] of this.#holders) {
      if (upstream !== most || present.has(folded)) continue;
      this.#holders.delete(folded);
      this.#contested.delete(folded);
    }
  }
}

/**
 * Whether a name begins with the id of another upstream: as prefixed names do, or as rules write names (`fs:read`,
 * `fs.read`). No id holds what stands behind it there.
 */
function beginsLikeAnother({ upstream, name }: NameWish, ids: ReadonlySet<string>): boolean {
  const id = name.split(/__|[:.]/, 1)[0]?.toLowerCase() ?? '';
  return id !== name.toLowerCase() && id !== upstream && ids.has(id);
}

function idsIn(wishes: readonly NameWish[]): UpstreamId[] {
  return wishes.map(({ upstream, guest }) => ({ upstream, guest }));
}

function countOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
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
  // A pair of surrogates is one character, of which half is none.
  const start = name.slice(0, longest - suffix.length - 1).replace(/[\ud800-\udbff]$/, '');
  return `${start}_${suffix}`;
}
