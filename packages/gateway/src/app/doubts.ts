import type { Decision, Question } from '../model/decision.js';

/** An upstream that rules may miss, in a sentence for operators. */
export interface Doubt {
  readonly upstream: string;
  /** The tenant whose rules they are; absent for rules of the file, which are about all callers. */
  readonly tenant?: string | undefined;
  readonly detail: string;
}

type Details = ReadonlyMap<string, string>;

/**
 * Upstreams whose tools the rules do not fit. A rule that was meant for such a tool may miss it, so nothing of the
 * upstream is allowed to those the rule is about until the rules or the tools are mended.
 */
export class Doubts {
  #ofAll: Details = new Map();
  #byTenant: ReadonlyMap<string, Details> = new Map();

  /** Replaces all doubts. */
  set(doubts: readonly Doubt[]): void {
    const tenants = new Set(doubts.flatMap(({ tenant }) => tenant ?? []));
    this.#ofAll = detailsOf(doubts, undefined);
    this.#byTenant = new Map([...tenants].map((tenant) => [tenant, detailsOf(doubts, tenant)]));
  }

  /** The denial of a question about an upstream in doubt; undefined when policy may decide. */
  decisionFor({ target: { upstream }, principal }: Question, revision: string): Decision | undefined {
    const detail = this.#ofAll.get(upstream) ?? this.#byTenant.get(principal.tenant)?.get(upstream);
    if (detail === undefined) return undefined;
    const reason = `The gateway's rules do not fit the tools of "${upstream}", so nothing there may be called until its operator has mended them.`;
    return { effect: 'deny', reason, detail, revision };
  }
}

function detailsOf(doubts: readonly Doubt[], tenant: string | undefined): Details {
  const own = doubts.filter((doubt) => doubt.tenant === tenant);
  return new Map(own.map(({ upstream, detail }) => [upstream, detail]));
}
