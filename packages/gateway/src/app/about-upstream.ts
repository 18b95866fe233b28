import type { ConfiguredValue } from '../model/secret.js';
import type { AboutUpstream } from '../pipeline/house.js';
import type { UpstreamSpec } from '../upstreams/upstream-spec.js';

/** What a person who is asked about a call may know of the server behind it: no value that is, or could be, a secret. */
export function aboutUpstream(spec: UpstreamSpec | undefined): AboutUpstream {
  if (spec === undefined) return {};
  if (spec.kind === 'stdio') return { address: spec.command, ...named(spec.env) };
  return { address: withoutSecrets(spec.url), ...named(spec.headers) };
}

/** Everything else of a URL may hold what nobody should see: servers with a token in their path are common. */
function withoutSecrets(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

function named(values: Readonly<Record<string, ConfiguredValue>>): AboutUpstream {
  const secrets = Object.values(values).flatMap(({ parts }) =>
    parts.flatMap((part) => (typeof part === 'string' ? [] : [part.secret])),
  );
  return secrets.length === 0 ? {} : { credentialName: [...new Set(secrets)].join(', ') };
}
