import type { IssuedKey, KeyRing, KeySummary } from '../identity/key-ring.js';
import { askGateway, baseOf } from './ask-gateway.js';
import { CliError } from './cli-error.js';
import type { GatewayOptions } from './gateway-options.js';
import { withKeyRing } from './local-key-ring.js';
import type { StoreOptions } from './local-store.js';
import { readGatewayKey } from './read-gateway-key.js';

/** Where keys are made and ended: the store of this machine, or a gateway. */
export type KeysAt = Pick<KeyRing, 'create' | 'list' | 'rotate' | 'revoke'>;

/** Opens what the options mean for as long as `use` takes. */
export async function withKeys<Result>(
  options: StoreOptions & GatewayOptions,
  use: (keys: KeysAt) => Promise<Result>,
): Promise<Result> {
  if (options.gateway === undefined) return withKeyRing(options, use);
  return use(atGateway(options.gateway, await readGatewayKey(options.keyFile, 'an admin')));
}

function atGateway(url: string, key: string): KeysAt {
  const base = baseOf(url);
  const ask = (path: string, more: { post?: object; method?: 'DELETE' } = {}) =>
    askGateway({ base, path: `/v1/keys${path}`, key, ...more });
  return {
    async create({ principal, roles, labels, grants, expiresAfterMs, tenant }) {
      if (tenant !== undefined && tenant !== 'default')
        throw new CliError('--tenant: a gateway makes keys of the tenant of the key that asks', 2);
      const scopes = grants === undefined ? {} : { scopes: grants };
      const post = { principal, roles, labels, ...scopes, expires_in_seconds: secondsOf(expiresAfterMs) };
      return issuedIn(await ask('', { post }));
    },
    async list() {
      const keys: KeySummary[] = [];
      for (let cursor: string | undefined = ''; cursor !== undefined; ) {
        const page = (await ask(`?limit=1000${cursor === '' ? '' : `&cursor=${cursor}`}`)) as KeyPage;
        keys.push(...page.keys.map(summaryOf));
        cursor = page.next_cursor;
      }
      return keys;
    },
    async rotate(id, { overlapMs, expiresAfterMs } = {}) {
      const post = { overlap_seconds: secondsOf(overlapMs), expires_in_seconds: secondsOf(expiresAfterMs) };
      return issuedIn(await ask(`/${encodeURIComponent(id)}/rotate`, { post }));
    },
    revoke: async (id) =>
      summaryOf((await ask(`/${encodeURIComponent(id)}`, { method: 'DELETE' })) as ToldKey),
  };
}

interface KeyPage {
  readonly keys: readonly ToldKey[];
  readonly next_cursor?: string;
}

/** A key as `/v1/keys` tells it. */
interface ToldKey extends Pick<KeySummary, 'id' | 'principal' | 'tenant' | 'roles' | 'labels' | 'state'> {
  readonly key?: string;
  readonly scopes: readonly string[];
  readonly created_at: string;
  readonly expires_at?: string;
  readonly revoked_at?: string;
  readonly last_used?: string;
  readonly rotated_from?: string;
}

function issuedIn(answer: unknown): IssuedKey {
  const told = answer as ToldKey;
  if (typeof told.key === 'string') return { text: told.key, key: summaryOf(told) };
  throw new CliError('found no key in the answer; is the gateway of another version?');
}

function summaryOf(told: ToldKey): KeySummary {
  const { id, principal, tenant, roles, labels, state, scopes } = told;
  return {
    id,
    principal,
    tenant,
    roles,
    labels,
    state,
    createdAt: Date.parse(told.created_at),
    ...(scopes.includes('*') ? {} : { grants: scopes }),
    ...(told.expires_at === undefined ? {} : { expiresAt: Date.parse(told.expires_at) }),
    ...(told.revoked_at === undefined ? {} : { revokedAt: Date.parse(told.revoked_at) }),
    ...(told.last_used === undefined ? {} : { lastUsedAt: Date.parse(told.last_used) }),
    ...(told.rotated_from === undefined ? {} : { rotatedFrom: told.rotated_from }),
  };
}

/** What is not said is left to the gateway. */
function secondsOf(ms: number | 'never' | undefined): number | 'never' | undefined {
  return typeof ms === 'number' ? ms / 1000 : ms;
}
