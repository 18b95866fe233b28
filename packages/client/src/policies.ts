import type {
  Explanation,
  Policy,
  PolicyDiff,
  PolicyDraft,
  PolicyFinding,
  PolicyQuestion,
  PolicyVersion,
} from './policy-types.js';
import type { AskRest } from './rest-port.js';
import { doneOnce } from './rest-reply.js';
import type { RequestOptions } from './types.js';

export interface NoteOptions extends RequestOptions {
  /** Why, for the history and the record. */
  readonly note?: string;
}

export interface ChangeOptions extends NoteOptions {
  /** Changes only this revision; anything else is refused as `precondition_failed`. */
  readonly ifRevision?: string;
}

/**
 * The policies of a gateway. Reading needs the role auditor, operator or admin, changing operator or admin. What cannot
 * work is refused as `invalid_policy`, with every place that is wrong in `errors`.
 */
export class Policies {
  readonly #ask: AskRest;

  constructor(ask: AskRest) {
    this.#ask = ask;
  }

  /** Those in force, page by page as they are asked for: that of the file first, then those made over REST. */
  async *list(options: RequestOptions = {}): AsyncGenerator<Policy, void, void> {
    let query = '';
    for (;;) {
      const page = await this.#ask({ method: 'GET', path: `/v1/policies${query}` }, options);
      yield* page.policies as unknown as readonly Policy[];
      if (typeof page.next_cursor !== 'string') return;
      query = `?cursor=${encodeURIComponent(page.next_cursor)}`;
    }
  }

  async get(name: string, options: RequestOptions = {}): Promise<Policy> {
    return (await this.#ask({ method: 'GET', path: pathOf(name) }, options)) as unknown as Policy;
  }

  /** Makes or replaces one; it is in force when this resolves. */
  async put(name: string, draft: PolicyDraft, options: ChangeOptions = {}): Promise<Policy> {
    const { note, ifRevision } = options;
    const body = { ...draft, ...(note !== undefined && { note }) };
    return (await this.#ask(
      { method: 'PUT', path: pathOf(name), body, ifRevision },
      options,
    )) as unknown as Policy;
  }

  /** Ends one; its versions stay. */
  async remove(name: string, options: ChangeOptions = {}): Promise<void> {
    const { note, ifRevision } = options;
    const query = note === undefined ? '' : `?note=${encodeURIComponent(note)}`;
    const path = `${pathOf(name)}${query}`;
    await doneOnce(this.#ask({ method: 'DELETE', path, ifRevision }, options));
  }

  /** Every version there was, newest first. */
  async *history(name: string, options: RequestOptions = {}): AsyncGenerator<PolicyVersion, void, void> {
    let query = '';
    for (;;) {
      const page = await this.#ask({ method: 'GET', path: `${pathOf(name)}/history${query}` }, options);
      yield* page.versions as unknown as readonly PolicyVersion[];
      if (typeof page.next_cursor !== 'string') return;
      query = `?cursor=${encodeURIComponent(page.next_cursor)}`;
    }
  }

  /** Makes the content of an earlier version the newest one. */
  async rollBack(name: string, version: number, options: ChangeOptions = {}): Promise<Policy> {
    const { note, ifRevision } = options;
    const body = { version, ...(note !== undefined && { note }) };
    const path = `${pathOf(name)}/rollback`;
    return (await this.#ask({ method: 'POST', path, body, ifRevision }, options)) as unknown as Policy;
  }

  /** What is answered to a call that nobody makes, rule by rule. */
  async explain(question: PolicyQuestion, options: RequestOptions = {}): Promise<Explanation> {
    const { at, ...rest } = question;
    const body = { ...rest, ...(at !== undefined && { at: at.toISOString() }) };
    const path = '/v1/policy/explain';
    return (await this.#ask({ method: 'POST', path, body }, options)) as unknown as Explanation;
  }

  /** What is questionable about the rules in force, or about a draft among them. */
  async check(
    draft: PolicyDraft & { readonly name?: string } = {},
    options: RequestOptions = {},
  ): Promise<readonly PolicyFinding[]> {
    const found = await this.#ask({ method: 'POST', path: '/v1/policy/check', body: draft }, options);
    return found.findings as unknown as readonly PolicyFinding[];
  }

  /** What a draft changes, by its text and by its answers to sample calls; nothing is kept. */
  async diff(
    draft: PolicyDraft & { readonly name?: string },
    options: RequestOptions = {},
  ): Promise<PolicyDiff> {
    const path = '/v1/policy/diff';
    return (await this.#ask({ method: 'POST', path, body: draft }, options)) as unknown as PolicyDiff;
  }
}

function pathOf(name: string): string {
  return `/v1/policies/${encodeURIComponent(name)}`;
}
