import type { Quarantine } from '../model/quarantine.js';
import type { Prompt, Resource, ResourceTemplate, Target, TargetKind } from '../model/target.js';
import type { Tool } from '../model/tool.js';
import type { ImportedPrompt } from './import-prompts.js';
import type { ImportedResource, ImportedTemplate } from './import-resources.js';
import type { ImportedTool } from './import-tools.js';
import type { Offer } from './list-offer.js';
import { type Exposed, type LeftOut, NamedOffers } from './named-offers.js';
import { ownUpstream } from './own-upstream.js';
import { PlacedResources } from './placed-resources.js';
import type { OwnUri } from './resource-uris.js';
import type { Shelf, ShelfContent } from './shelf.js';
import { type Layout, Shelves } from './shelves.js';
import type { ListName } from './upstream-event.js';
import type { UriRewrite } from './uri-rewrites.js';

/** What one upstream brings to the catalogue. */
export interface CatalogueSource<Owner extends object> {
  readonly upstream: string;
  readonly guest?: boolean | undefined;
  /** Who answers for all of it; another one of the same id has other things, however alike they look. */
  readonly owner: Owner;
  readonly always: boolean;
  readonly offer: Offer;
}

/** How everything is laid out, and where methods of extensions go. */
export interface CatalogueTerms extends Layout {
  /** The upstreams that methods of extensions go to, by method. */
  readonly methods: ReadonlyMap<string, string>;
}

/** What filling the catalogue came to. */
export interface Filling {
  readonly leftOut: readonly LeftOut[];
  /** Lists of which callers see another than before, at whatever endpoint. */
  readonly lists: readonly ListName[];
}

type Listed = Tool | Prompt | Resource | ResourceTemplate;

const noContent: ShelfContent = { tools: [], prompts: [], resources: [], templates: [] };

/**
 * Everything that upstreams offer under its exposed name, in a fixed order: upstreams as configured, items by name within
 * each. A name is looked up as it is; nothing ever takes it apart.
 */
export class Catalogue<Owner extends object> {
  readonly #tools = new NamedOffers<ImportedTool>();
  readonly #prompts = new NamedOffers<ImportedPrompt>();
  readonly #resources = new PlacedResources<ImportedResource>();
  readonly #templates = new PlacedResources<ImportedTemplate>();
  /** Who brought a target. */
  readonly #owners = new WeakMap<Target, Owner>();
  /** By upstream. */
  #present: ReadonlyMap<string, Owner> = new Map();
  #known: ReadonlyMap<string, Listed> = new Map();
  #content = noContent;
  /** The upstream, where there is but one. */
  #only: string | undefined;
  readonly #shelves = new Shelves();
  #methods: CatalogueTerms['methods'] = new Map();

  /**
   * Replaces the content. What did not change stays the same object, because what is compiled for it is kept by it, and
   * lists of which nothing changed stay the same arrays.
   */
  fill(sources: readonly CatalogueSource<Owner>[], terms: CatalogueTerms): Filling {
    const { collisions } = terms;
    this.#methods = terms.methods;
    const of = <Name extends keyof Offer>(name: Name) =>
      sources.map(({ upstream, guest, always, offer }) => ({ upstream, guest, always, items: offer[name] }));
    const tools = this.#tools.expose(of('tools'));
    const prompts = this.#prompts.expose(of('prompts'));
    const resources = this.#resources.expose(of('resources'), collisions);
    const templates = this.#templates.expose(of('templates'), collisions);
    this.#present = new Map(sources.map(({ upstream, owner }) => [upstream, owner]));
    const servers = [...this.#present.keys()].filter((id) => id !== ownUpstream);
    this.#only = servers.length === 1 ? servers[0] : undefined;
    const content: ShelfContent = {
      tools: tools.exposed.map((one) => this.#keep<Tool>(one)),
      prompts: prompts.exposed.map((one) => this.#keep<Prompt>(one)),
      resources: resources.exposed.map((one) => this.#keep<Resource>(one)),
      templates: templates.exposed.map((one) => this.#keep<ResourceTemplate>(one)),
    };
    const all: readonly Listed[] = Object.values(content).flat();
    this.#known = new Map(all.map((target) => [keyOf(target), target]));
    this.#content = content;
    const lists = this.#shelves.lay(content, servers, terms);
    const leftOut = [tools, prompts, resources, templates].flatMap((one) => one.leftOut);
    return { leftOut: [...leftOut, ...shadowedOn(this.#shelves.all)], lists };
  }

  /** Everything under its exposed name, with what may not be used now. */
  get known(): ShelfContent {
    return this.#content;
  }

  has(endpoint: string): boolean {
    return this.#shelves.has(endpoint);
  }

  /** What a caller means at an endpoint; at an upstream's own endpoint names are that upstream's own. */
  locate(endpoint: string | undefined, kind: TargetKind, name: string): Target | undefined {
    const shelf = this.#shelves.at(endpoint);
    if (kind === 'tool') return shelf?.tool(name);
    if (kind === 'prompt') return shelf?.prompt(name);
    if (kind === 'template') return shelf?.template(name);
    if (kind === 'method') return this.#method(endpoint, name);
    const found = shelf?.resource(name);
    if (found === undefined || 'kind' in found) return found;
    // Nothing is known of it but whose it is.
    return this.#owned({ kind, exposedName: name, upstream: found.upstream, name: found.uri });
  }

  /** What callers may see at an endpoint; the same as long as nothing there changed. */
  at(endpoint: string | undefined): Pick<Shelf, keyof ShelfContent> {
    return this.#shelves.at(endpoint) ?? noContent;
  }

  /** How callers at an endpoint write a URI of an upstream; undefined where it is not that upstream's to read there. */
  exposedUri(endpoint: string | undefined, uri: OwnUri): string | undefined {
    return this.#shelves.exposedUri(endpoint, uri);
  }

  /** What becomes of URIs in what an upstream says to callers at an endpoint; undefined where every one stays. */
  rewriteAt(endpoint: string | undefined, upstream: string): UriRewrite | undefined {
    return this.#shelves.rewriteAt(endpoint, upstream);
  }

  /** Who brought a target, also when the catalogue does not hold it any more. */
  ownerOf(target: Target): Owner | undefined {
    return this.#owners.get(target);
  }

  /** The target as it is known already, if it is the same; the definition's text says everything else about it. */
  #keep<Item extends Listed>({
    upstream,
    exposedName,
    item,
  }: Exposed<Omit<Item, 'upstream' | 'exposedName'>>): Item {
    const target = { ...item, upstream, exposedName } as Item;
    const owner = this.#present.get(upstream);
    const known = this.#known.get(keyOf(target));
    if (known !== undefined && this.#owners.get(known) === owner && isSame(known, target))
      return known as Item;
    if (owner !== undefined) this.#owners.set(target, owner);
    return target;
  }

  /** Methods name no target: they go where the configuration says, or where there is but one upstream. */
  #method(endpoint: string | undefined, name: string): Target | undefined {
    const upstream = this.#methods.get(name) ?? endpoint ?? this.#only;
    if (upstream === undefined || !this.#present.has(upstream)) return undefined;
    if (endpoint !== undefined && endpoint !== upstream) return undefined;
    return this.#owned({ kind: 'method', exposedName: name, upstream, name });
  }

  #owned<Item extends Target>(target: Item): Item {
    const owner = this.#present.get(target.upstream);
    if (owner !== undefined) this.#owners.set(target, owner);
    return target;
  }
}

function keyOf({ kind, upstream, name }: Listed): string {
  return `${kind} ${upstream} ${name}`;
}

function isSame(a: Listed, b: Listed): boolean {
  return (
    a.exposedName === b.exposedName &&
    a.definition?.text === b.definition?.text &&
    quarantineOf(a) === quarantineOf(b)
  );
}

function quarantineOf(target: Listed): Quarantine | undefined {
  return 'quarantine' in target ? target.quarantine : undefined;
}

function shadowedOn({ shadowed }: Shelf): LeftOut[] {
  return shadowed.map(({ target, by }) => {
    const { upstream, kind: what, name } = target;
    const reason = by === undefined ? 'several upstreams list it' : `"${by}" lists it too and comes before`;
    return { upstream, what, name, reason };
  });
}
