import { compileGlob, createNameSet, type NameSet } from '../lib/glob.js';
import type { SessionScope } from '../model/session.js';
import type { Target } from '../model/target.js';
import { everyNameOf } from '../model/tool-names.js';

/** A configured entry: what sessions need for tools of these names. */
export interface ScopeEntry {
  /** Names of tools, as globs, any that they have. */
  readonly tools: readonly string[];
  readonly scope: SessionScope;
}

/** One of the two is enough for tools of which nothing is known, and to read what is not a tool. */
const unknown: readonly SessionScope[] = ['read', 'execute'];
const toRead: readonly SessionScope[] = ['read', 'browse'];

/**
 * What scope a target needs: from its configured entry, of which the first counts; else from what its upstream says of
 * it; else `read` or `execute`.
 */
export class ScopeTable {
  readonly #entries: readonly { readonly names: NameSet; readonly needed: readonly SessionScope[] }[];
  readonly #known = new WeakMap<Target, readonly SessionScope[]>();

  /** Throws GlobFault for a name that is no glob. */
  constructor(entries: readonly ScopeEntry[]) {
    this.#entries = entries.map(({ tools, scope }) => ({
      names: createNameSet(tools.map(compileGlob)),
      needed: [scope],
    }));
  }

  /** Those of which a session needs one. */
  neededFor(target: Target): readonly SessionScope[] {
    const known = this.#known.get(target);
    if (known !== undefined) return known;
    const needed = this.#entryOf(target) ?? annotatedOf(target);
    this.#known.set(target, needed);
    return needed;
  }

  #entryOf(target: Target): readonly SessionScope[] | undefined {
    if (target.kind !== 'tool') return undefined;
    const known = everyNameOf(target);
    return this.#entries.find(({ names }) => known.some((name) => names.has(name)))?.needed;
  }
}

function annotatedOf(target: Target): readonly SessionScope[] {
  if (target.kind === 'method') return unknown;
  if (target.kind !== 'tool') return toRead;
  const { readOnlyHint, destructiveHint, openWorldHint } = target.annotations;
  if (destructiveHint === true && readOnlyHint !== true) return ['delete'];
  if (readOnlyHint === true) return openWorldHint === true ? toRead : ['read'];
  return readOnlyHint === false ? ['write'] : unknown;
}
