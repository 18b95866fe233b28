import { parseConfiguredValue } from '../credentials/configured-value.js';
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
        const guard = isFromApi(config, id) ? { addresses: config.apiLayer.addresses } : {};
        return { ...common, kind: transport, url, headers: valuesOf(upstream.headers), ...guard };
      }
      const { command, args, cwd, stopWhenIdle } = upstream;
      const program = { command, args, env: valuesOf(upstream.env), ...(cwd === undefined ? {} : { cwd }) };
      return { ...common, kind: 'stdio' as const, ...program, stopWhenIdle };
    });
}

function isFromApi({ fromApi }: EffectiveConfig, id: string): boolean {
  return fromApi !== undefined && Object.hasOwn(fromApi.upstreams, id);
}

function valuesOf(texts: Readonly<Record<string, string>>): Record<string, ConfiguredValue> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, parseConfiguredValue(text)]));
}
