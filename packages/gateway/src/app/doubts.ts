import type { Decision, Question } from '../model/decision.js';

/**
 * Upstreams whose tools the rules do not fit. A rule that was meant for such a tool may miss it, so nothing of the
 * upstream is allowed until the rules or the tools are mended.
 */
export class Doubts {
  #byUpstream: ReadonlyMap<string, string> = new Map();

  /** Replaces all doubts; each is a sentence for operators, by the id of the upstream. */
  set(byUpstream: ReadonlyMap<string, string>): void {
    this.#byUpstream = byUpstream;
  }

  /** The denial of a question about an upstream in doubt; undefined when policy may decide. */
  decisionFor({ target }: Question, revision: string): Decision | undefined {
    const detail = this.#byUpstream.get(target.upstream);
    if (detail === undefined) return undefined;
    const reason = `The gateway's rules do not fit the tools of "${target.upstream}", so nothing there may be called until its operator has mended them.`;
    return { effect: 'deny', reason, detail, revision };
  }
}
