import { parseConfiguredValue } from '../credentials/configured-value.js';
import { isAddressRange } from '../lib/net/address-rules.js';
import { isThisMachine, thisMachine } from '../lib/net/client-for.js';
import type { ConfiguredValue } from '../model/secret.js';
import type { UpstreamSpec } from '../upstreams/upstream-spec.js';
import type { EffectiveConfig } from './config/effective-config.js';

/** The enabled upstreams of a configuration, in its order, in the form that upstreams/ works with. */
export function upstreamSpecsOf(config: EffectiveConfig): UpstreamSpec[] {
  return Object.entries(config.upstreams)
    .filter(([, upstream]) => upstream.enabled)
    .map(([id, upstream]) => {
      const common = {
        id,
        timeoutMs: upstream.timeoutSeconds * 1000,
        startTimeoutMs: upstream.startTimeoutSeconds * 1000,
        openArguments: upstream.arguments === 'open',
        sessions: upstream.sessions,
        idleMs: upstream.idleSeconds * 1000,
        maxSessions: upstream.maxSessions,
        maxSessionsPerPrincipal: upstream.maxSessionsPerPrincipal,
        ...(upstream.revision === undefined ? {} : { revision: upstream.revision }),
        ...(upstream.prefix === undefined ? {} : { prefix: upstream.prefix }),
      };
      if ('url' in upstream) {
        const { url, transport } = upstream;
        const place = isFromApi(config, id)
          ? { addresses: config.apiLayer.addresses, guest: true }
          : { addresses: addressesOf(upstream) };
        return { ...common, kind: transport, url, headers: valuesOf(upstream.headers), ...place };
      }
      const { command, args, cwd, stopWhenIdle } = upstream;
      const program = { command, args, env: valuesOf(upstream.env), ...(cwd === undefined ? {} : { cwd }) };
      return { ...common, kind: 'stdio' as const, ...program, stopWhenIdle };
    });
}

/** An address that stands in the file itself, or the name of this machine, is written there to be reached. */
function addressesOf({ url, addresses }: { url: string; addresses: readonly string[] }): readonly string[] {
  const place = new URL(url);
  const host = place.hostname.replace(/^\[|\]$/g, '');
  return [
    ...addresses,
    ...(isAddressRange(host) ? [host] : []),
    ...(isThisMachine(place) ? thisMachine : []),
  ];
}

function isFromApi({ fromApi }: EffectiveConfig, id: string): boolean {
  return fromApi !== undefined && Object.hasOwn(fromApi.upstreams, id);
}

function valuesOf(texts: Readonly<Record<string, string>>): Record<string, ConfiguredValue> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, parseConfiguredValue(text)]));
}
