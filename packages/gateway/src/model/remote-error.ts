import type { JsonText } from './json.js';

/** A JSON-RPC error of the other side. */
export interface RemoteError {
  readonly code: number;
  readonly message: string;
  readonly data?: JsonText;
}
