import { compileGlob, createNameSet, type NameSet } from '../lib/glob.js';
import type { Target } from '../model/target.js';
import type { OwnUri } from './resource-uris.js';

/** A named part of everything, as it is configured; globs are of `lib/glob.ts`. */
export interface ToolsetSpec {
  readonly name: string;
  /** Ids of upstreams; all of them where it is absent. */
  readonly upstreams?: readonly string[] | undefined;
  /** Globs for names as callers see them, or `upstream:name`. */
  readonly tools?: readonly string[] | undefined;
  readonly prompts?: readonly string[] | undefined;
  /** Globs for URIs, and for URI templates, as upstreams write them. */
  readonly resources?: readonly string[] | undefined;
}

/** A toolset that can say what belongs to it. */
export interface Toolset {
  /** Of its endpoint: `t/` and its name. */
  readonly endpoint: string;
  readonly has: (target: Target) => boolean;
  /** Whether anything of an upstream may belong to it. */
  readonly isOf: (upstream: string) => boolean;
  /** Whether a URI belongs to it that no list names. */
  readonly admits: (uri: OwnUri) => boolean;
}

/**
 * Compiles a toolset; throws GlobFault. It holds what its globs match; a kind that it has no globs for is left out,
 * unless it has globs for no kind at all: then it holds everything of its upstreams.
 */
export function compileToolset({ name, upstreams, tools, prompts, resources }: ToolsetSpec): Toolset {
  const isWhole = tools === undefined && prompts === undefined && resources === undefined;
  const setOf = (globs: readonly string[] | undefined): NameSet =>
    createNameSet((globs ?? (isWhole ? ['*'] : [])).map(compileGlob));
  const ids = upstreams === undefined ? undefined : new Set(upstreams);
  const named = { tool: setOf(tools), prompt: setOf(prompts) };
  const uris = setOf(resources);
  const isOf = (upstream: string) => ids?.has(upstream) !== false;
  return {
    endpoint: `t/${name}`,
    isOf,
    has(target) {
      if (!isOf(target.upstream)) return false;
      if (target.kind === 'resource' || target.kind === 'template') return uris.has(target.name);
      if (target.kind === 'method') return false;
      const names = named[target.kind];
      return names.has(target.exposedName) || names.has(`${target.upstream}:${target.name}`);
    },
    admits: ({ upstream, uri }) => isOf(upstream) && uris.has(uri),
  };
}
