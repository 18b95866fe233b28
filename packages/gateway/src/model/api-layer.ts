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

/** Who makes a change, and on what condition. */
export interface LayerEdit {
  readonly by: string;
  readonly tenant: string;
  readonly note?: string | undefined;
  /** `new`: only where there is none; otherwise the revisions of which the present one must be one, or `*` for any. */
  readonly only?: 'new' | readonly string[] | undefined;
}

/** The tenant is that of who asks. */
export type LayerName = Omit<LayerKey, 'tenant'>;

/** What is made, changed and removed while the gateway runs. Whatever changes something throws LayerFault. */
export interface LayerSource {
  /** What a tenant has made, by name. */
  list(kind: LayerKind, tenant: string): LayerVersion[];
  find(key: LayerKey): LayerVersion | undefined;
  /** Newest first; also of what was removed. */
  history(key: LayerKey): LayerVersion[];
  /** Makes or replaces; what is the same already stays as it is. */
  put(name: LayerName, body: unknown, edit: LayerEdit): Promise<LayerVersion>;
  /** Refused where it is still needed. */
  remove(name: LayerName, edit: LayerEdit): Promise<LayerVersion>;
  /** Makes the content of an earlier version the newest one. */
  rollBack(name: LayerName, version: number, edit: LayerEdit): Promise<LayerVersion>;
}

/** The name of the policy that the file is. */
export const filePolicyName = 'file';
