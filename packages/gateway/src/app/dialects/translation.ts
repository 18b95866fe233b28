import type { ConfigInput } from '#contract';
import { formatPath } from '../config/describe-value.js';
import type { Finding } from '../config/issues-to-findings.js';
import { Part, type Path } from './part.js';

export type Dialect = 'haldir' | 'cordon' | 'intercept' | 'mcpServers';
export type UpstreamInput = ConfigInput['upstreams'][string];
export type RuleInput = NonNullable<NonNullable<ConfigInput['policy']>['rules']>[number];

export type LimitInput = NonNullable<RuleInput['limits']>[number];

/** What somebody should know about a translation, and about which part of the native form. */
export interface Note {
  readonly at: Path;
  readonly message: string;
  /** A warning is said at each load; a remark only stands in the migrated file. */
  readonly kind: 'warning' | 'remark';
}

/** A foreign configuration in the native form. */
export interface Translation {
  readonly dialect: Dialect;
  readonly config: ConfigInput;
  readonly notes: readonly Note[];
  /** Values of secrets that the foreign file has in itself, by the variable that the native form refers to. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Everything that is wrong; the rest is then not to be used. */
  readonly findings: readonly Finding[];
  /** Where in the foreign file a part of the native form comes from. */
  sourceOf(path: Path): Path;
}

type Mutable<Value> = { -readonly [Name in keyof Value]: Value[Name] };

/** A native configuration that is being made of a foreign one. */
export class Draft implements Translation {
  readonly dialect: Dialect;
  readonly config: Mutable<ConfigInput> & { readonly policy: Policy };
  readonly notes: Note[] = [];
  readonly secrets: Record<string, string> = {};
  readonly findings: Finding[] = [];
  readonly #sources = new Map<string, Path>();
  readonly #ids = new Set<string>();

  constructor(dialect: Dialect) {
    this.dialect = dialect;
    this.config = { upstreams: {}, policy: { default: 'deny', rules: [] } };
  }

  /** The whole foreign configuration. */
  read(value: unknown): Part {
    return new Part(value, [], this.findings);
  }

  /** Adds a rule under a name that becomes its id, made unique; `from` is what it was translated from. */
  addRule(name: string, rule: Omit<RuleInput, 'id'>, from: Part): Path {
    const path = ['policy', 'rules', this.config.policy.rules.length];
    this.config.policy.rules.push({ id: this.#newId(name), ...rule });
    this.#sources.set(formatPath(path), from.path);
    return path;
  }

  /** Adds an upstream; its id is the name, in the letters that ids have. */
  addUpstream(name: string, upstream: UpstreamInput, from: Part): string {
    const id = freeId(slugOf(name, 32), 32, (one) => Object.hasOwn(this.config.upstreams, one));
    const path = ['upstreams', id];
    this.config.upstreams[id] = upstream;
    this.#sources.set(formatPath(path), from.path);
    if (id !== name)
      this.warn(
        path,
        `the server ${JSON.stringify(name)} has the id "${id}" here, as ids have a-z, 0-9 and "-"`,
      );
    return id;
  }

  placed(path: Path, from: Part): void {
    this.#sources.set(formatPath(path), from.path);
  }

  /** Keeps a value under a variable of this name, or one like it that is free; gives the name. */
  keep(name: string, value: string): string {
    const isTaken = (one: string) => (this.secrets[one.replaceAll('-', '_')] ?? value) !== value;
    const variable = freeId(name, 200, isTaken).replaceAll('-', '_');
    this.secrets[variable] = value;
    return variable;
  }

  warn(at: Path, message: string): void {
    this.notes.push({ at, message, kind: 'warning' });
  }

  remark(at: Path, message: string): void {
    this.notes.push({ at, message, kind: 'remark' });
  }

  sourceOf(path: Path): Path {
    for (let length = path.length; length > 0; length--) {
      const source = this.#sources.get(formatPath(path.slice(0, length)));
      if (source !== undefined) return source;
    }
    return [];
  }

  #newId(name: string): string {
    const id = freeId(ruleIdOf(name), 64, (one) => this.#ids.has(one));
    this.#ids.add(id);
    return id;
  }
}

interface Policy {
  default: 'allow' | 'deny';
  readonly rules: RuleInput[];
}

function slugOf(name: string, longest: number): string {
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return slug.replace(/^-+/, '').slice(0, longest).replace(/-+$/, '') || 'server';
}

/** In the letters that ids of rules and limits have. */
export function ruleIdOf(name: string): string {
  return (
    name
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, 64) || 'rule'
  );
}

function freeId(id: string, longest: number, isTaken: (id: string) => boolean): string {
  let free = id;
  for (let count = 2; isTaken(free); count++) {
    const ending = `-${count}`;
    free = id.slice(0, longest - ending.length) + ending;
  }
  return free;
}
