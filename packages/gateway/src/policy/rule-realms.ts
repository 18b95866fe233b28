import type { CompiledRule } from './compiled-rule.js';

/** A configured upstream, and whether its tools are known. */
export interface UpstreamPresence {
  readonly id: string;
  readonly up: boolean;
  /** Whose it is alone; absent for those that are there for all tenants. */
  readonly tenant?: string | undefined;
}

/** Where a gateway is of one tenant, its file and what is made over REST are of one hand. */
const ofTheFile = 'default';

/**
 * Which upstreams a rule can be about. One of a tenant is about what everybody has and the tenant's own; one of the file,
 * about the same of the default tenant, and about what others made only where it names that.
 */
export class RuleRealms {
  readonly #byId: ReadonlyMap<string, UpstreamPresence>;
  readonly #known = new WeakMap<CompiledRule, ReadonlyMap<string, UpstreamPresence>>();

  constructor(upstreams: readonly UpstreamPresence[]) {
    this.#byId = new Map(upstreams.map((one) => [one.id, one]));
  }

  of(rule: CompiledRule): readonly UpstreamPresence[] {
    return [...this.#realmOf(rule).values()];
  }

  has(rule: CompiledRule, id: string): boolean {
    return this.tenantOf(id) === undefined || this.#realmOf(rule).has(id);
  }

  /** Whether whoever reads what is wrong with the rule may read of the upstream. */
  mayTell({ spec: { layer } }: CompiledRule, id: string): boolean {
    const tenant = this.tenantOf(id);
    return tenant === undefined || tenant === layer?.tenant;
  }

  tenantOf(id: string): string | undefined {
    return this.#byId.get(id)?.tenant;
  }

  #realmOf(rule: CompiledRule): ReadonlyMap<string, UpstreamPresence> {
    let known = this.#known.get(rule);
    if (known === undefined) {
      known = new Map([...this.#byId].filter(([, upstream]) => isAbout(rule, upstream)));
      this.#known.set(rule, known);
    }
    return known;
  }
}

function isAbout(rule: CompiledRule, { id, tenant }: UpstreamPresence): boolean {
  if (tenant === undefined) return true;
  const { layer } = rule.spec;
  return layer === undefined ? tenant === ofTheFile || names(rule, id) : tenant === layer.tenant;
}

function names({ upstreams, targets }: CompiledRule, id: string): boolean {
  const patterns = [...(targets.tools?.patterns ?? []), ...(targets.prompts?.patterns ?? [])];
  return (
    upstreams?.patterns.some(({ literal }) => literal === id) === true ||
    patterns.some(({ text }) => text.startsWith(`${id}:`))
  );
}
