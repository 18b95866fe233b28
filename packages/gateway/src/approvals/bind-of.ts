import { canonicalJson, digest } from '../lib/json/canonical-json.js';
import type { JsonValue } from '../model/json.js';
import type { Principal } from '../model/principal.js';
import type { Target } from '../model/target.js';

/** Exactly what somebody says yes to. */
export interface Binding {
  readonly principal: Principal;
  readonly target: Target;
  readonly method: string;
  readonly args: JsonValue;
  /** What else of the params goes upstream, as raw JSON text by name. */
  readonly more?: ReadonlyMap<string, string> | undefined;
  /** Digest of how the upstream is reached: another server of the same id is another upstream. */
  readonly upstreamDigest: string;
}

/** First byte of what approval bindings are hashed over; 0x12 and 0x13 are those of tool definitions and policies. */
const bindDomain = 0x11;

/** The digest that an approval is bound to: change anything in it and it is another call. */
export function bindOf({ principal, target, method, args, more, upstreamDigest }: Binding): string {
  const { owner } = principal.labels;
  const facts = {
    v: 1,
    tenant: principal.tenant.toWellFormed(),
    caller: principal.id.toWellFormed(),
    // Who may not answer: a key of another owner's is asked about by itself.
    ...(owner === undefined ? {} : { owner: owner.toWellFormed() }),
    ...(principal.session === undefined ? {} : { session: principal.session.id }),
    upstream: target.upstream,
    upstream_id_digest: upstreamDigest,
    method,
    tool: target.name.toWellFormed(),
    tool_def_digest: target.digest ?? '',
    args,
    more: Object.fromEntries(
      [...(more ?? [])].map(([name, text]) => [name.toWellFormed(), text.toWellFormed()]),
    ),
  };
  return digest(bindDomain, canonicalJson(facts));
}
