import type { Trail } from '../audit/trail.js';
import type { EntrySource } from '../control/audit-entries.js';
import type { Readiness } from '../control/gateway-routes.js';
import type { KeySource } from '../control/key-routes.js';
import type { PinSource } from '../control/pin-routes.js';
import type { KnownCredential, PrincipalSource } from '../control/principal-routes.js';
import type { StatusSource } from '../control/status-routes.js';
import { KeyRing, stateOfKey } from '../identity/key-ring.js';
import { digestOfToken, idOfDigest, isSessionToken } from '../identity/session-token.js';
import { type Clock, isoTime } from '../lib/clock.js';
import type { Store } from '../store/open-store.js';
import { PinDesk } from '../upstreams/pins/pin-desk.js';
import { stateOfPin } from '../upstreams/pins/standing.js';
import type { EffectiveConfig } from './config/effective-config.js';
import { keyRecorder } from './key-record.js';
import type { LayerSources } from './layer/layer-sources.js';
import { isThere } from './layer/own-upstreams.js';
import { openPepper } from './pepper.js';
import { shownSettings } from './shown-settings.js';
import { version } from './version.js';

export interface SourceParts {
  readonly store: Store;
  readonly trail: Trail;
  readonly clock: Clock;
  readonly config: () => EffectiveConfig;
  readonly readiness: () => Readiness;
  readonly layerSources: Pick<LayerSources, 'upstreams'>;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

type Sources = KeySource &
  PinSource &
  PrincipalSource &
  StatusSource &
  Pick<EntrySource, 'spend' | 'sessionName'>;

/** What the routes about keys, pins, principals, calls and the gateway itself work with. */
export function controlSources(parts: SourceParts): Sources {
  const { store, trail, clock, config } = parts;
  const pepper = openPepper(store);
  const sources: Sources = {
    keyRing: (actor) => new KeyRing({ keys: store.keys, pepper, clock, record: keyRecorder(trail, actor) }),
    pins: store.pins,
    // The part after "@" tells servers apart whose ids were made of their command lines.
    hasUpstream: (tenant, upstream) => isThere(config(), tenant, upstream.replace(/@[0-9a-f]{8}$/, '')),
    pinDesk: ({ by, ...more }) =>
      new PinDesk({
        pins: store.pins,
        clock,
        by: typeof by === 'string' ? by : 'rest',
        record: (type, members) => trail.write(type, { ...members, ...more }),
      }),
    credentials: (tenant) => credentialsOf(parts, tenant),
    status: (tenant) => statusOf(parts, sources, tenant),
    effectiveConfig() {
      const { file, origins } = config();
      const shown = shownSettings(config()) as unknown as Record<string, unknown>;
      return { ...(file === undefined ? {} : { file }), config: shown, origins: { ...origins } };
    },
    spend: store.spend,
    sessionName: (session) => (isSessionToken(session) ? idOfDigest(digestOfToken(session)) : session),
  };
  return sources;
}

async function credentialsOf(
  { store, clock, config }: SourceParts,
  tenant: string,
): Promise<KnownCredential[]> {
  const now = clock.now();
  const keys = (await store.keys.list()).map((row) => ({
    ...row,
    kind: 'key' as const,
    state: stateOfKey(row, now),
  }));
  const tokens = config().auth.tokens.flatMap(
    ({ principal, tenant, roles, labels = {}, tokens: references }) =>
      references.map((_, index) => ({
        principal,
        tenant,
        kind: 'token' as const,
        roles,
        labels,
        id: index === 0 ? principal : `${principal}/${index + 1}`,
        state: 'active' as const,
      })),
  );
  return [...tokens, ...keys].filter((one) => one.tenant === tenant);
}

async function statusOf(
  parts: SourceParts,
  sources: PinSource,
  tenant: string,
): ReturnType<StatusSource['status']> {
  const { store, clock, startedAt } = parts;
  const { ready, checks } = parts.readiness();
  const health = store.journal.health();
  const { bytes } = store.journal.lag();
  const now = clock.now();
  const keys = (await store.keys.list()).filter((row) => row.tenant === tenant);
  const own = store.pins.list().filter((pin) => sources.hasUpstream(tenant, pin.upstream));
  const waiting = own.filter((pin) => ['waiting', 'changed'].includes(stateOfPin(pin)));
  return {
    version,
    started_at: isoTime(startedAt),
    uptime_seconds: Math.max(0, (now - startedAt) / 1000),
    ready,
    checks: { ...checks },
    upstreams: countsOf((await parts.layerSources.upstreams(tenant)).map(({ state }) => state)),
    journal: { ok: health.ok, lag_bytes: bytes, ...(health.ok ? {} : { fault: health.reason }) },
    holds: { pending: store.holds.count(tenant, 'pending') },
    keys: countsOf(keys.map((row) => stateOfKey(row, now))),
    pins: { waiting: waiting.length },
  };
}

function countsOf(states: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const state of states) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
