import type { components } from './rest.gen.js';
import type { Rest } from './rest.js';
import { doneOnce } from './rest-reply.js';
import type { BodyOf, QueryOf, RestOptions } from './rest-request.js';
import type { RequestOptions } from './types.js';

/** `/v1/approvals`: calls that wait for people. */
export class Approvals {
  readonly #rest: Rest;

  constructor(rest: Rest) {
    this.#rest = rest;
  }

  list(query: QueryOf<'/v1/approvals', 'get'> = {}, options: RequestOptions = {}) {
    return this.#rest.each('/v1/approvals', 'approvals', { query, ...options });
  }

  /**
   * Asks a person before something is done. With `arguments` a yes is for exactly that call, once; without them it lets no
   * call run.
   */
  request(body: BodyOf<'/v1/approvals/request', 'post'>, options: RestOptions = {}) {
    return this.#rest.ask('post', '/v1/approvals/request', { body, ...options });
  }

  /** By either of its ids, `hold_…` or `apr_…`. */
  get(id: string, options: RequestOptions = {}) {
    return this.#rest.ask('get', '/v1/approvals/{id}', named(id, options)) as Promise<Approval>;
  }

  /** Everything that is known of it, with all text safe to show. */
  view(id: string, options: RequestOptions = {}) {
    return this.#rest.ask('get', '/v1/approvals/{id}/view', { parts: { id }, ...options });
  }

  approve(id: string, body: BodyOf<'/v1/approvals/{id}/approve', 'post'> = {}, options: RestOptions = {}) {
    const wanted = { body, ...named(id, options) };
    return this.#rest.ask('post', '/v1/approvals/{id}/approve', wanted) as Promise<Approval>;
  }

  deny(id: string, body: BodyOf<'/v1/approvals/{id}/deny', 'post'> = {}, options: RestOptions = {}) {
    const wanted = { body, ...named(id, options) };
    return this.#rest.ask('post', '/v1/approvals/{id}/deny', wanted) as Promise<Approval>;
  }

  cancel(id: string, options: RestOptions = {}) {
    return this.#rest.ask('post', '/v1/approvals/{id}/cancel', { parts: { id }, ...options });
  }

  /** What an approved call returned that the gateway made for its caller. */
  result(id: string, options: RequestOptions = {}) {
    return this.#rest.ask('get', '/v1/approvals/{id}/result', { parts: { id }, ...options });
  }
}

type Approval = components['schemas']['Approval'];

/** Under an id `apr_…` the gateway answers in another form. */
function named<Options extends RequestOptions>(id: string, options: Options) {
  return { parts: { id: id.replace(/^apr_/, 'hold_') }, ...options };
}

/** `/v1/keys`: who may call. The text of a key is in the answer that makes it, and nowhere else. */
export class Keys {
  readonly #rest: Rest;

  constructor(rest: Rest) {
    this.#rest = rest;
  }

  list(options: RequestOptions = {}) {
    return this.#rest.each('/v1/keys', 'keys', options);
  }

  create(body: BodyOf<'/v1/keys', 'post'>, options: RestOptions = {}) {
    return this.#rest.ask('post', '/v1/keys', { body, ...options });
  }

  /** Replaces a key; the old one works on for the overlap. */
  rotate(id: string, body: BodyOf<'/v1/keys/{id}/rotate', 'post'> = {}, options: RestOptions = {}) {
    return this.#rest.ask('post', '/v1/keys/{id}/rotate', { parts: { id }, body, ...options });
  }

  async revoke(id: string, options: RequestOptions = {}): Promise<void> {
    await doneOnce(this.#rest.ask('delete', '/v1/keys/{id}', { parts: { id }, ...options }));
  }
}

/** `/v1/budgets`: what may be spent, what is left of it, and what it went for. */
export class Budgets {
  readonly #rest: Rest;

  constructor(rest: Rest) {
    this.#rest = rest;
  }

  list(options: RequestOptions = {}) {
    return this.#rest.each('/v1/budgets', 'budgets', options);
  }

  /** What calls took of one, and gave back. */
  ledger(id: string, options: RequestOptions = {}) {
    return this.#rest.each('/v1/budgets/{id}/ledger', 'entries', { parts: { id }, ...options });
  }
}
