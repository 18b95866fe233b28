import type { paths } from './rest.gen.js';
import type { RequestOptions } from './types.js';

export type Method = 'get' | 'post' | 'put' | 'delete';

type Operation<Path extends keyof paths, Verb extends Method> = NonNullable<paths[Path][Verb]>;

type JsonIn<Carrier> = Carrier extends { content: { 'application/json': infer Body } } ? Body : undefined;

/** What the gateway answers when all is well. */
export type ReplyOf<Path extends keyof paths, Verb extends Method> =
  Operation<Path, Verb> extends { responses: infer Replies }
    ? JsonIn<Replies[Extract<keyof Replies, 200 | 201 | 202 | 204>]>
    : never;

/** What is sent. */
export type BodyOf<Path extends keyof paths, Verb extends Method> =
  Operation<Path, Verb> extends { requestBody?: infer Body } ? JsonIn<NonNullable<Body>> : undefined;

/** The members of the query. */
export type QueryOf<Path extends keyof paths, Verb extends Method> =
  Operation<Path, Verb> extends { parameters: { query?: infer Query } } ? NonNullable<Query> : undefined;

export interface RestOptions extends RequestOptions {
  /** Changes only what is still as it was when it was read: the ETag of then. Anything else throws `SallyportError`, code `precondition_failed`. */
  readonly ifMatch?: string | undefined;
  /**
   * Names a POST, so that the gateway does once what it is asked twice; by default one is made for each. Give the same one
   * to ask again for an answer that was lost, within a day. Where a call or a payment was let pass and its answer is gone,
   * after a restart for example, that throws `AnswerLost`.
   */
  readonly idempotencyKey?: string | undefined;
}

export interface RestRequest extends RestOptions {
  readonly method: Method;
  /** With everything that stands in it escaped. */
  readonly path: string;
  readonly query?: object | undefined;
  readonly body?: unknown;
}

/**
 * What a repeat could do once more: a call or a payment, should another gateway get it that does not have the record of
 * the first yet; a key that nobody holds, since answers with keys are not kept over a restart.
 */
const onceOnly = /^\/v1\/(proxy\/call$|payments\/|keys(\/|$)|approvals\/[^/]+\/replay$)/;

/** Whether a request may be sent again of which nobody knows whether it has arrived. */
export function mayArriveTwice({ method, path }: Pick<RestRequest, 'method' | 'path'>): boolean {
  return method !== 'post' || !onceOnly.test(path);
}

/** Sends one request to the REST face; gives the body of the answer, and its ETag where it has one. */
export type Send = (
  request: RestRequest,
) => Promise<{ readonly body: unknown; readonly etag?: string | undefined }>;

/** A path whose parts in braces are filled in. */
export function filled(path: string, parts: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts[name] ?? ''));
}

/** The members that there are, as `name=value`; several values of one stand together with commas. */
export function queryText(query: object | undefined): string {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {}) as [string, QueryValue][]) {
    if (value !== undefined) text.set(name, value instanceof Date ? value.toISOString() : String(value));
  }
  return text.size === 0 ? '' : `?${text}`;
}

type QueryValue = Date | string | number | boolean | readonly string[] | undefined;
