import type { Target } from '../model/target.js';
import { ownUpstream } from './own-upstream.js';
import { type CollisionRule, gatewayUri, type OwnUri } from './resource-uris.js';
import { Shelf, type ShelfContent, type ShelfTerms } from './shelf.js';
import type { Toolset } from './toolset.js';
import type { ListName } from './upstream-event.js';
import type { UriRewrite } from './uri-rewrites.js';

/** How everything is laid out. */
export interface Layout {
  readonly collisions: CollisionRule;
  readonly toolsets: readonly Toolset[];
}

type Endpoint = string | undefined;

const noContent: ShelfContent = { tools: [], prompts: [], resources: [], templates: [] };

/** What callers see at each endpoint: everywhere, at each upstream, at each toolset. */
export class Shelves {
  #all = new Shelf(noContent, { rule: 'first' });
  #byEndpoint: ReadonlyMap<string, Shelf> = new Map();
  /** Upstreams of which a URI can mean something else where everything is together. */
  #colliding: ReadonlySet<string> = new Set();
  /** The URIs that callers write in another way than their upstreams, as text to compare. */
  #moves = '';

  /** The one where everything is together. */
  get all(): Shelf {
    return this.#all;
  }

  at(endpoint: Endpoint): Shelf | undefined {
    return endpoint === undefined ? this.#all : this.#byEndpoint.get(endpoint);
  }

  has(endpoint: string): boolean {
    return this.#byEndpoint.has(endpoint);
  }

  /** Puts everything where it belongs; gives the lists of which any is another than before. */
  lay(content: ShelfContent, upstreams: readonly string[], layout: Layout): ListName[] {
    const { collisions: rule, toolsets } = layout;
    const moves = rule === 'prefix' ? movesIn(content) : '';
    const isMoved = moves !== this.#moves;
    const changed = new Set<keyof ShelfContent>();
    const shelf = (endpoint: Endpoint, part: ShelfContent, terms: Omit<ShelfTerms, 'rule'>): Shelf => {
      const before = this.at(endpoint);
      // Definitions name URIs too, so every list is another one when URIs are.
      const now = new Shelf(part, { rule, ...terms }, isMoved ? undefined : before);
      if (before !== undefined) for (const list of changesIn(before, now)) changed.add(list);
      return now;
    };
    const [only] = upstreams.length === 1 ? upstreams : [];
    const all = shelf(undefined, content, only === undefined ? {} : { only });
    this.#byEndpoint = new Map([
      ...upstreams.map((own) => [own, shelf(own, contentOf(own, content), { own })] as const),
      ...toolsets.map(({ endpoint, isOf, has, admits }) => {
        const matching = content.templates.filter(({ upstream }) => isOf(upstream));
        return [endpoint, shelf(endpoint, partOf(content, has), { admits, matching })] as const;
      }),
    ]);
    this.#all = all;
    this.#moves = moves;
    this.#colliding = rule === 'prefix' ? collidingIn(content) : new Set();
    return namesOf(changed);
  }

  /** How callers at an endpoint write a URI of an upstream; undefined where it is not that upstream's to read there. */
  exposedUri(endpoint: Endpoint, { upstream, uri }: OwnUri): string | undefined {
    const shelf = this.at(endpoint);
    return [uri, gatewayUri({ upstream, uri })].find((text) => {
      const found = shelf?.resource(text);
      if (found?.upstream !== upstream) return false;
      return ('kind' in found ? found.name : found.uri) === uri;
    });
  }

  /** What becomes of URIs in what an upstream says to callers at an endpoint; undefined where every one stays. */
  rewriteAt(endpoint: Endpoint, upstream: string): UriRewrite | undefined {
    if (endpoint === upstream || !this.#colliding.has(upstream)) return undefined;
    return (uri) => {
      const isTheirs = this.at(upstream)?.knows(uri) === true;
      return (isTheirs ? this.exposedUri(endpoint, { upstream, uri }) : undefined) ?? uri;
    };
  }
}

function isFrom(upstream: string): (target: Target) => boolean {
  return (target) => target.upstream === upstream;
}

/** What an upstream brings, and the gateway's own tools, of which it may have namesakes: at its endpoint they are meant. */
function contentOf(upstream: string, content: ShelfContent): ShelfContent {
  const part = partOf(content, isFrom(upstream));
  const names = new Set(part.tools.map(({ name }) => name));
  const own = content.tools.filter((tool) => tool.upstream === ownUpstream && !names.has(tool.name));
  return { ...part, tools: [...own, ...part.tools] };
}

function partOf(content: ShelfContent, has: (target: Target) => boolean): ShelfContent {
  const { tools, prompts, resources, templates } = content;
  return {
    tools: tools.filter(has),
    prompts: prompts.filter(has),
    resources: resources.filter(has),
    templates: templates.filter(has),
  };
}

function movesIn({ resources, templates }: ShelfContent): string {
  const moved = [...resources, ...templates].filter(({ exposedName, name }) => exposedName !== name);
  return moved.map(({ exposedName }) => exposedName).join('\n');
}

function collidingIn({ resources, templates }: ShelfContent): Set<string> {
  const all = [...resources, ...templates];
  const moved = all.filter(({ exposedName, name }) => exposedName !== name);
  const several = new Set(all.map(({ upstream }) => upstream)).size > 1;
  return new Set([...moved, ...(several ? templates : [])].map(({ upstream }) => upstream));
}

const listNames = ['tools', 'prompts', 'resources', 'templates'] as const;

function changesIn(before: Shelf, now: Shelf): (keyof ShelfContent)[] {
  return listNames.filter((list) => before[list] !== now[list]);
}

/** Templates belong to the resources. */
function namesOf(changed: ReadonlySet<keyof ShelfContent>): ListName[] {
  return (['tools', 'prompts', 'resources'] as const).filter(
    (name) => changed.has(name) || (name === 'resources' && changed.has('templates')),
  );
}
