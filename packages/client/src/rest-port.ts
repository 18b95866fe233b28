import type { JsonObject, RequestOptions } from './types.js';

/** One request to the REST face. */
export interface PortRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the address of the gateway, with its query. */
  readonly path: string;
  readonly body?: object;
  /** A revision: the change is made only of that. */
  readonly ifRevision?: string | undefined;
}

/** Asks the REST face; an answer without a body is an empty object. Throws SallyportError for every no. */
export type AskRest = (request: PortRequest, options: RequestOptions) => Promise<JsonObject>;
