import type { JsonObject } from './json.js';

/** What can be made over REST, beside what the file declares. */
export type LayerKind = 'policy' | 'upstream';

export interface LayerKey {
  readonly kind: LayerKind;
  readonly tenant: string;
  readonly name: string;
}

/** One version of a policy or upstream that was made over REST. */
export interface LayerVersion extends LayerKey {
  /** Counts from 1, also across an end and a new beginning. */
  readonly version: number;
  /** Content hash: `sha256:…`. */
  readonly revision: string;
  /** Absent: it was removed with this version. */
  readonly content?: JsonObject;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Who made it. */
  readonly by: string;
  readonly note?: string;
}

/** Everything that was made over REST: of each name the last version, removed ones included. */
export interface Layer {
  /** A number that grows with every change, of any process. */
  readonly changes: number;
  readonly versions: readonly LayerVersion[];
}
