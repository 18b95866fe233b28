import { canonicalJson, digest } from '../lib/json/canonical-json.js';
import type { JsonObject } from '../model/json.js';
import type { ConfiguredValue } from '../model/secret.js';
import type { UpstreamSpec } from '../upstreams/upstream-spec.js';

/** Keeps these digests apart from those of definitions, policies and approvals. */
const serverDomain = 0x1a;

/**
 * What says which server stands behind an id: the program or the address, and what it is told. Secrets count by their
 * references, so that a new password is not a new server.
 */
export function upstreamDigests(specs: ReadonlyMap<string, UpstreamSpec>): (upstream: string) => string {
  const known = new Map<string, string>();
  return (upstream) => {
    const found = known.get(upstream) ?? digestOf(specs.get(upstream));
    known.set(upstream, found);
    return found;
  };
}

function digestOf(spec: UpstreamSpec | undefined): string {
  return digest(serverDomain, canonicalJson(spec === undefined ? {} : serverOf(spec)));
}

function serverOf(spec: UpstreamSpec): JsonObject {
  if (spec.kind !== 'stdio') return { url: spec.url, headers: valuesOf(spec.headers) };
  const { command, args, cwd = '', env } = spec;
  return { command, args: [...args], cwd, env: valuesOf(env) };
}

function valuesOf(values: Readonly<Record<string, ConfiguredValue>>): JsonObject {
  return Object.fromEntries(
    Object.entries(values).map(([name, { parts }]) => [
      name,
      parts.map((part) => (typeof part === 'string' ? part : { secret: part.secret })),
    ]),
  );
}
