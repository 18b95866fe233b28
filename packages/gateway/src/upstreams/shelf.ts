import type { Prompt, Resource, ResourceTemplate, Target } from '../model/target.js';
import type { Tool } from '../model/tool.js';
import { type CollisionRule, type OwnUri, takenBack } from './resource-uris.js';
import { matcherOf } from './uri-template.js';

/** Everything that could stand on a shelf, in the order of lists. */
export interface ShelfContent {
  readonly tools: readonly Tool[];
  readonly prompts: readonly Prompt[];
  readonly resources: readonly Resource[];
  readonly templates: readonly ResourceTemplate[];
}

/** Where a shelf is and what counts there. */
export interface ShelfTerms {
  readonly rule: CollisionRule;
  /** The upstream at whose own endpoint it is: names are its own there. */
  readonly own?: string;
  /** The upstream to which every URI goes that no list names, where there can be only one. */
  readonly only?: string;
  /** Templates that may match unlisted URIs; those that stand here unless given. */
  readonly matching?: readonly ResourceTemplate[];
  /** Whether a URI of an upstream may be asked for here though no list names it. */
  readonly admits?: (uri: OwnUri) => boolean;
}

type NameOf = (target: Target) => string;

/** What callers see at one endpoint, and what they mean there by a name. */
export class Shelf {
  readonly tools: readonly Tool[];
  readonly prompts: readonly Prompt[];
  readonly resources: readonly Resource[];
  readonly templates: readonly ResourceTemplate[];
  /** What is left out, as another upstream lists the same URI, with the one that has it if any has. */
  readonly shadowed: readonly Shadowed[];
  readonly #terms: ShelfTerms;
  readonly #nameOf: NameOf;
  readonly #upstreams: ReadonlySet<string>;
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #prompts: ReadonlyMap<string, Prompt>;
  readonly #resources: Owned<Resource>;
  readonly #templates: Owned<ResourceTemplate>;
  readonly #matching: readonly ResourceTemplate[];

  /** Lists that are the same as `before` stay the same arrays. */
  constructor(content: ShelfContent, terms: ShelfTerms, before?: Shelf) {
    const { rule, own } = terms;
    const nameOf: NameOf = (target) => (own === undefined ? target.exposedName : target.name);
    this.#nameOf = nameOf;
    this.#terms = terms;
    this.#tools = new Map(content.tools.map((tool) => [nameOf(tool), tool]));
    this.#prompts = new Map(content.prompts.map((prompt) => [nameOf(prompt), prompt]));
    this.#resources = ownedOf(content.resources, rule, nameOf);
    this.#templates = ownedOf(content.templates, rule, nameOf);
    this.#upstreams = new Set(
      [...content.resources, ...(terms.matching ?? content.templates)].map(({ upstream }) => upstream),
    );
    const matching = ownedOf(terms.matching ?? content.templates, rule, nameOf);
    this.#matching = [...matching.byUri.values()].filter(isPresent);
    this.shadowed = [...this.#resources.shadowed, ...this.#templates.shadowed];
    this.tools = sameOr(before?.tools, content.tools.filter(isUsable));
    this.prompts = sameOr(before?.prompts, content.prompts.filter(isUsable));
    this.resources = sameOr(before?.resources, [...this.#resources.byUri.values()].filter(isPresent));
    this.templates = sameOr(before?.templates, [...this.#templates.byUri.values()].filter(isPresent));
  }

  tool(name: string): Tool | undefined {
    return this.#tools.get(name);
  }

  prompt(name: string): Prompt | undefined {
    return this.#prompts.get(name);
  }

  /** The listed resource, or whose resource an unlisted URI is. */
  resource(uri: string): Resource | OwnUri | undefined {
    const { byUri } = this.#resources;
    return byUri.has(uri) ? byUri.get(uri) : this.#unlisted(uri);
  }

  template(uriTemplate: string): ResourceTemplate | undefined {
    return this.#templates.byUri.get(uriTemplate);
  }

  /** Whether a URI is listed or a template matches it. */
  knows(uri: string): boolean {
    return this.#resources.byUri.has(uri) || this.#matched(uri) !== undefined;
  }

  #unlisted(uri: string): OwnUri | undefined {
    const { own, only, rule, admits } = this.#terms;
    const sole = own ?? only;
    if (sole !== undefined) return { upstream: sole, uri };
    const route = (rule === 'prefix' ? this.#takenBack(uri) : undefined) ?? this.#matched(uri);
    return route !== undefined && admits?.(route) !== false ? route : undefined;
  }

  #takenBack(uri: string): OwnUri | undefined {
    const route = takenBack(uri);
    return route !== undefined && this.#upstreams.has(route.upstream) ? route : undefined;
  }

  /** A URI that templates of several upstreams match is nobody's. */
  #matched(uri: string): OwnUri | undefined {
    let upstream: string | undefined;
    for (const template of this.#matching) {
      if (template.upstream === upstream || !matcherOf(this.#nameOf(template))(uri)) continue;
      if (upstream !== undefined) return undefined;
      upstream = template.upstream;
    }
    return upstream === undefined ? undefined : { upstream, uri };
  }
}

/** A resource or template that is not listed, as its URI is also another upstream's. */
export interface Shadowed {
  readonly target: Resource | ResourceTemplate;
  /** The upstream that has the URI; absent where nobody may. */
  readonly by?: string;
}

interface Owned<Item> {
  /** Without a value where several list it and nobody may have it. */
  readonly byUri: ReadonlyMap<string, Item | undefined>;
  readonly shadowed: readonly Shadowed[];
}

function ownedOf<Item extends Resource | ResourceTemplate>(
  items: readonly Item[],
  rule: CollisionRule,
  nameOf: NameOf,
): Owned<Item> {
  const firsts = new Map<string, Item>();
  const shadowed: Item[] = [];
  for (const item of items) {
    if (firsts.has(nameOf(item))) shadowed.push(item);
    else firsts.set(nameOf(item), item);
  }
  if (rule !== 'refuse') {
    const by = (item: Item) => firsts.get(nameOf(item))?.upstream ?? item.upstream;
    return { byUri: firsts, shadowed: shadowed.map((target) => ({ target, by: by(target) })) };
  }
  const refused = new Set(shadowed.map(nameOf));
  const isRefused = (item: Item) => refused.has(nameOf(item));
  return {
    byUri: new Map([...firsts].map(([uri, item]) => [uri, refused.has(uri) ? undefined : item])),
    shadowed: items.filter(isRefused).map((target) => ({ target })),
  };
}

function isUsable(target: Tool | Prompt): boolean {
  return target.quarantine === undefined;
}

function isPresent<Item>(item: Item | undefined): item is Item {
  return item !== undefined;
}

function sameOr<Item>(before: readonly Item[] | undefined, now: readonly Item[]): readonly Item[] {
  const isSame = before?.length === now.length && now.every((item, index) => item === before[index]);
  return isSame && before !== undefined ? before : now;
}
