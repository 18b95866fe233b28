import type { UpstreamId } from './exposed-names.js';
import type { ImportedResource, ImportedTemplate } from './import-resources.js';
import { byName, type Exposed, type LeftOut } from './named-offers.js';
import { type CollisionRule, exposedUris } from './resource-uris.js';
import { UpstreamTwins } from './upstream-twins.js';

type Placed = ImportedResource | ImportedTemplate;

/** What one upstream offers that callers read by URI. */
export interface PlacedSource<Item extends Placed> extends UpstreamId {
  readonly items: readonly Item[];
}

/** URIs for everything of one kind, over all upstreams. */
export class PlacedResources<Item extends Placed> {
  readonly #twins = new UpstreamTwins();

  /** Upstreams in their order, items by URI. What has a title made to look like another upstream's is left out. */
  expose(
    sources: readonly PlacedSource<Item>[],
    rule: CollisionRule,
  ): { exposed: Exposed<Item>[]; leftOut: LeftOut[] } {
    const offers = sources.flatMap(({ upstream, guest, items }) =>
      [...items].sort(byName).map((item) => ({ upstream, guest, item })),
    );
    const twins = this.#twins.find(
      offers.map(({ upstream, guest, item }) => ({ upstream, guest, title: titleOf(item) })),
    );
    const uris = exposedUris(
      offers.map(({ upstream, item }) => ({ upstream, uri: item.name })),
      rule,
    );
    return {
      exposed: offers.flatMap((offer, index) =>
        twins[index] === undefined ? [{ ...offer, exposedName: uris[index] ?? offer.item.name }] : [],
      ),
      leftOut: offers.flatMap(({ upstream, item }, index) => {
        const reason = `its title looks like ${twins[index]}`;
        return twins[index] === undefined ? [] : [{ upstream, what: item.kind, name: item.name, reason }];
      }),
    };
  }
}

function titleOf({ definition }: Placed): string | undefined {
  const { title, name } = definition.value;
  if (typeof title === 'string') return title;
  return typeof name === 'string' ? name : undefined;
}
