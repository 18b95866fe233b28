import { ExposedNames, type UpstreamId } from './exposed-names.js';
import type { Rejected } from './import-definitions.js';
import type { ImportedPrompt } from './import-prompts.js';
import type { ImportedTool } from './import-tools.js';
import { UpstreamTwins } from './upstream-twins.js';

type Named = ImportedTool | ImportedPrompt;

/** What one upstream offers that callers choose by name. */
export interface NamedSource<Item extends Named> extends UpstreamId {
  /** Whether names carry the upstream's id in any case. */
  readonly always: boolean;
  readonly items: readonly Item[];
}

/** An item of an upstream with the name or URI by which callers know it. */
export interface Exposed<Item> {
  readonly upstream: string;
  readonly exposedName: string;
  readonly item: Item;
}

/** Something that an upstream offers and callers do not see. */
export interface LeftOut extends Rejected {
  readonly upstream: string;
}

/** Names for everything of one kind, over all upstreams; tools and prompts have their own, as they do at each server. */
export class NamedOffers<Item extends Named> {
  readonly #names = new ExposedNames();
  readonly #twins = new UpstreamTwins();

  /** Upstreams in their order, items by name. What looks like another upstream's is exposed in quarantine. */
  expose(sources: readonly NamedSource<Item>[]): { exposed: Exposed<Item>[]; leftOut: LeftOut[] } {
    const offers = sources.flatMap(({ upstream, guest, always, items }) =>
      [...items].sort(byName).map((item) => ({ upstream, guest, always, item, name: item.name })),
    );
    const names = this.#names.assign(offers, sources);
    const twins = this.#twins.find(
      offers.map(({ upstream, guest, item }, index) => {
        return { upstream, guest, name: names[index], title: titleOf(item) };
      }),
    );
    const exposed: Exposed<Item>[] = [];
    const leftOut: LeftOut[] = [];
    offers.forEach(({ upstream, item }, index) => {
      const told = { upstream, what: item.kind, name: item.name };
      const exposedName = names[index];
      if (exposedName === undefined) {
        leftOut.push({ ...told, reason: 'no unique name can be made for it' });
        return;
      }
      const twin = twins[index];
      if (twin !== undefined) leftOut.push({ ...told, reason: `it looks like ${twin}` });
      const shown = twin === undefined ? item : { quarantine: 'twin' as const, ...item };
      exposed.push({ upstream, exposedName, item: shown });
    });
    return { exposed, leftOut };
  }
}

function titleOf(item: Named): string | undefined {
  const { title } = item.definition.value;
  if (typeof title === 'string') return title;
  return item.kind === 'tool' ? item.annotations.title : undefined;
}

/** By code unit, so that the order depends on no locale. */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}
