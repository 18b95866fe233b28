import type { Target } from '../model/target.js';
import type { Tool } from '../model/tool.js';
import { ExposedNames } from './exposed-names.js';
import type { ImportedTool } from './import-tools.js';

/** What one upstream brings to the catalogue. */
export interface CatalogueSource<Owner extends object> {
  readonly upstream: string;
  /** Who answers for these tools; another one of the same id has other tools, however alike they look. */
  readonly owner: Owner;
  readonly always: boolean;
  readonly tools: readonly ImportedTool[];
}

interface Shelf {
  readonly tools: readonly Tool[];
  readonly byName: ReadonlyMap<string, Tool>;
}

const empty: Shelf = { tools: [], byName: new Map() };

/**
 * Every tool under its exposed name, in a fixed order: upstreams as configured, tools by name within each.
 * A name is looked up as it is; nothing ever takes it apart.
 */
export class Catalogue<Owner extends object> {
  readonly #names = new ExposedNames();
  readonly #owners = new WeakMap<Target, Owner>();
  #all: Shelf = empty;
  #byUpstream = new Map<string, Shelf>();

  /**
   * Replaces the content; returns the tools for which no unique name could be made. A tool about which nothing changed
   * stays the same object, because what is compiled for a tool is kept by it.
   */
  fill(sources: readonly CatalogueSource<Owner>[]): { upstream: string; name: string }[] {
    const offers = sources.flatMap(({ upstream, owner, always, tools }) =>
      [...tools].sort(byName).map((tool) => ({ upstream, owner, always, tool, name: tool.name })),
    );
    const exposedNames = this.#names.assign(
      offers,
      sources.map(({ upstream }) => upstream),
    );
    const nameless: { upstream: string; name: string }[] = [];
    const tools: Tool[] = [];
    offers.forEach(({ upstream, owner, tool }, index) => {
      const exposedName = exposedNames[index];
      if (exposedName === undefined) nameless.push({ upstream, name: tool.name });
      else tools.push(this.#keep({ ...tool, upstream, exposedName }, owner));
    });
    this.#all = { tools, byName: new Map(tools.map((tool) => [tool.exposedName, tool])) };
    this.#byUpstream = new Map(sources.map(({ upstream }) => [upstream, shelfOf(upstream, tools)]));
    return nameless;
  }

  /** The tool that a caller means; at an upstream's own endpoint names are that upstream's own. */
  locate(endpoint: string | undefined, name: string): Tool | undefined {
    return this.#shelf(endpoint).byName.get(name);
  }

  /** The same array as long as nothing changed. */
  tools(endpoint?: string): readonly Tool[] {
    return this.#shelf(endpoint).tools;
  }

  /** Who brought a target, also when the catalogue does not hold it any more. */
  ownerOf(target: Target): Owner | undefined {
    return this.#owners.get(target);
  }

  /** The tool as it is known already, if it is the same; the definition's text says everything else about it. */
  #keep(tool: Tool, owner: Owner): Tool {
    const known = this.locate(tool.upstream, tool.name);
    if (
      known !== undefined &&
      this.#owners.get(known) === owner &&
      known.exposedName === tool.exposedName &&
      known.definition.text === tool.definition.text
    ) {
      return known;
    }
    this.#owners.set(tool, owner);
    return tool;
  }

  #shelf(endpoint: string | undefined): Shelf {
    return endpoint === undefined ? this.#all : (this.#byUpstream.get(endpoint) ?? empty);
  }
}

function shelfOf(upstream: string, all: readonly Tool[]): Shelf {
  const tools = all.filter((tool) => tool.upstream === upstream);
  return { tools, byName: new Map(tools.map((tool) => [tool.name, tool])) };
}

/** By code unit, so that the order depends on no locale. */
function byName(a: ImportedTool, b: ImportedTool): number {
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}
