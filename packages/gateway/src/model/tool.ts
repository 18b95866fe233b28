import type { JsonObject, JsonObjectText } from './json.js';
import type { Quarantine } from './quarantine.js';

/** Hints an upstream gives about a tool; untrusted, absent means the protocol's default (destructive, open world). */
export interface ToolAnnotations {
  readonly title?: string;
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
  readonly idempotentHint?: boolean;
  readonly openWorldHint?: boolean;
}

/** One tool of one upstream, under the name by which callers of the gateway know it. */
export interface Tool {
  readonly kind: 'tool';
  /** The exposed name, unique over all upstreams: `[A-Za-z0-9_.-]`, at most 64 characters. */
  readonly exposedName: string;
  /** The configured id of the upstream it belongs to. */
  readonly upstream: string;
  /** The name the upstream itself uses. */
  readonly name: string;
  /** The whole definition exactly as the upstream sent it, under the upstream's own name. */
  readonly definition: JsonObjectText;
  readonly inputSchema: JsonObject;
  readonly annotations: ToolAnnotations;
  /** `sha256:` and the base64url SHA-256 of 0x12 and the RFC 8785 form of the definition; of `_meta` only what shapes UI. */
  readonly digest: string;
  /** Present on a tool that may not be used now. It is in no list; a call of it is refused. */
  readonly quarantine?: Quarantine;
}
