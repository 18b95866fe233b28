import type { paths } from './rest.gen.js';
import {
  type BodyOf,
  filled,
  type Method,
  type QueryOf,
  type ReplyOf,
  type RestOptions,
  type Send,
} from './rest-request.js';

import type { RequestOptions } from './types.js';

/** What a route wants: the parts of its path that stand in braces, the members of its query, its body. */
export interface Wanted<Path extends keyof paths, Verb extends Method> {
  readonly parts?: Readonly<Record<string, string>>;
  readonly query?: Partial<QueryOf<Path, Verb>> | undefined;
  readonly body?: BodyOf<Path, Verb>;
}

/** An answer, and what names it for a change that shall meet nothing else. */
export interface Found<Value> {
  readonly value: Value;
  /** Absent where the resource has none. */
  readonly etag: string | undefined;
}

/** Every route of the gateway's OpenAPI document, typed by it. */
export class Rest {
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  /** Throws `Refused` where policy says no, else `SallyportError` with the code of the problem. */
  async ask<Path extends keyof paths, Verb extends Method>(
    method: Verb,
    path: Path,
    { parts = {}, query, body, ...options }: Wanted<Path, Verb> & RestOptions = {},
  ): Promise<ReplyOf<Path, Verb>> {
    return (await this.find(method, path, { parts, query, body, ...options } as never)).value;
  }

  /** The same, with the ETag. */
  async find<Path extends keyof paths, Verb extends Method>(
    method: Verb,
    path: Path,
    { parts = {}, query, body, ...options }: Wanted<Path, Verb> & RestOptions = {},
  ): Promise<Found<ReplyOf<Path, Verb>>> {
    const request = { method, path: filled(path, parts), query, body, ...options };
    const { body: value, etag } = await this.#send(request);
    return { value: value as ReplyOf<Path, Verb>, etag };
  }

  /** The items of a list, page by page as they are asked for. */
  async *each<Path extends keyof paths, Name extends keyof ReplyOf<Path, 'get'>>(
    path: Path,
    name: Name,
    { query, ...options }: Omit<Wanted<Path, 'get'>, 'body'> & RequestOptions = {},
  ): AsyncGenerator<ItemOf<ReplyOf<Path, 'get'>[Name]>, void, void> {
    let cursor: string | undefined;
    do {
      const wanted = { ...options, query: { ...query, ...(cursor === undefined ? {} : { cursor }) } };
      const page: ReplyOf<Path, 'get'> = await this.ask('get', path, wanted as never);
      yield* page[name] as ItemOf<ReplyOf<Path, 'get'>[Name]>[];
      cursor = (page as { readonly next_cursor?: string }).next_cursor;
    } while (cursor !== undefined);
  }
}

type ItemOf<List> = List extends readonly (infer Item)[] ? Item : never;
