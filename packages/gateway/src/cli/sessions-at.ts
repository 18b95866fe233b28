import type { SessionWish } from '../identity/session-wish.js';
import type { JsonObject } from '../model/json.js';
import type { CommonOptions, JsonOption } from './common-options.js';

export interface SessionOptions extends CommonOptions, JsonOption {
  /** Ask the gateway there instead of the store of this machine. */
  readonly gateway?: string;
  readonly keyFile?: string;
}

/** Where sessions are made, looked at and ended. What they return is in the form of the REST face. */
export interface SessionsAt {
  /** The token is in `session_id`, this once. */
  create(wish: SessionWish, of: { key: string | undefined; parent: string | undefined }): Promise<JsonObject>;
  /** Newest first. */
  list(filter: { readonly all: boolean; readonly limit: number }): Promise<readonly JsonObject[]>;
  /** Throws CliError where there is none. */
  show(id: string): Promise<JsonObject>;
  revoke(id: string): Promise<JsonObject>;
}
