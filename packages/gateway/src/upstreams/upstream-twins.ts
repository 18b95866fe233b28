import { asItLooks } from '../lib/lookalikes.js';
import type { UpstreamId } from './exposed-names.js';
import { lookOf } from './name-twins.js';

/** Something that callers choose by its name, or by its title. */
export interface Chosen extends UpstreamId {
  /** As callers see it; absent where they choose by the title only. */
  readonly name?: string | undefined;
  readonly title?: string | undefined;
}

const rememberedLooks = 50_000;

/**
 * Finds what one upstream offers under a name that looks like another upstream's, or under a title that is written in
 * other letters to look like it. Hosts keep the look before guests; among several who writes it in plain letters, then
 * who was first in the life of the process, or the first in order.
 */
export class UpstreamTwins {
  readonly #holders = new Map<string, string>();

  /** For each whom it looks like, as text and upstream; undefined for those that may stay. */
  find(all: readonly Chosen[]): (string | undefined)[] {
    const names = this.#holdersOf(all, ({ name }) => name, nameLook);
    const titles = this.#holdersOf(all, ({ title }) => title, titleLook);
    this.#forget(new Set([...names.keys(), ...titles.keys()]));
    return all.map(({ upstream, name, title }) => {
      const named = name === undefined ? undefined : names.get(nameLook(name));
      if (named !== undefined && named.upstream !== upstream) return shown(named);
      const titled = title === undefined ? undefined : titles.get(titleLook(title));
      const isTwin = titled !== undefined && title !== undefined && folded(titled.text) !== folded(title);
      return isTwin && titled.upstream !== upstream ? shown(titled) : undefined;
    });
  }

  /** Who has each look, of those that are here now. */
  #holdersOf(
    all: readonly Chosen[],
    textOf: (chosen: Chosen) => string | undefined,
    lookFor: (text: string) => string,
  ): Map<string, Holder> {
    const holders = new Map<string, Holder>();
    for (const chosen of all) {
      const text = textOf(chosen);
      if (text === undefined) continue;
      const key = lookFor(text);
      const { upstream, guest } = chosen;
      const isFirst = this.#holders.get(key) === upstream;
      const rank = (guest === true ? 0 : 4) + (asItLooks(text) === text ? 2 : 0) + (isFirst ? 1 : 0);
      const holder = holders.get(key);
      if (holder === undefined || rank > holder.rank) holders.set(key, { upstream, text, rank });
    }
    for (const [key, { upstream }] of holders) {
      if (!this.#holders.has(key)) this.#holders.set(key, upstream);
    }
    return holders;
  }

  /** An upstream that keeps inventing names must not fill the memory: past the limit only present looks are kept. */
  #forget(present: ReadonlySet<string>): void {
    if (this.#holders.size <= rememberedLooks) return;
    for (const look of this.#holders.keys()) if (!present.has(look)) this.#holders.delete(look);
  }
}

interface Holder {
  readonly upstream: string;
  readonly text: string;
  readonly rank: number;
}

function nameLook(name: string): string {
  return `name ${lookOf(name)}`;
}

function titleLook(title: string): string {
  return `title ${asItLooks(title).toLowerCase()}`;
}

function shown({ text, upstream }: Holder): string {
  return `${JSON.stringify(text)} of "${upstream}"`;
}

function folded(title: string): string {
  return title.normalize('NFC').toLowerCase();
}
