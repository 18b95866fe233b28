import { createHmac } from 'node:crypto';
import type { IssuerConfig } from '#contract';
import type { Broker } from '../credentials/broker.js';
import { parseConfiguredValue } from '../credentials/configured-value.js';
import { hashOf } from '../credentials/hash-of.js';
import { fetchDocument, findKeysUrl } from '../identity/discovery.js';
import { Gatekeeper } from '../identity/gatekeeper.js';
import type { LiveTokens } from '../identity/live-tokens.js';
import type { Clock } from '../lib/clock.js';
import { guardedClientFor } from '../lib/net/client-for.js';
import type { JsonObject } from '../model/json.js';
import type { Log } from '../model/log.js';
import type { Principal } from '../model/principal.js';
import type { Store } from '../store/open-store.js';
import { builtInAuthenticators, type StaticToken } from './builtins.js';
import { ConfigError, type ConfigProblem } from './config/config-error.js';
import type { EffectiveConfig } from './config/effective-config.js';
import { openPepper } from './pepper.js';
import { weakTokens } from './weak-tokens.js';

/** What keys are hashed with marks tokens, too; never both under one name. */
const markContext = 'sallyport token mark\0';

const anonymous: Principal = {
  id: 'anonymous',
  credential: 'none',
  tenant: 'default',
  roles: ['agent'],
  labels: {},
};

export interface CallerParts {
  readonly config: EffectiveConfig;
  readonly store: Store;
  readonly broker: Broker;
  readonly clock: Clock;
  readonly log: Log;
  readonly liveTokens: LiveTokens;
}

/** Who may call under a configuration. Throws ConfigError when a configured token cannot be read. */
export async function createGatekeeper({
  config,
  store,
  broker,
  clock,
  log,
  liveTokens,
}: CallerParts): Promise<Gatekeeper> {
  const pepper = openPepper(store);
  const tokens = await readTokens(config, broker);
  const weak = await weakTokens(config, broker);
  if (weak.length > 0) throw new ConfigError(weak);
  const authenticators = usable(() =>
    builtInAuthenticators({
      keys: { keys: store.keys, pepper, clock, log },
      tokens: { tokens, hashOf },
      jwt: { issuers: config.auth.issuers, loadKeys, live: liveTokens, clock },
    }),
  );
  return new Gatekeeper({
    authenticators,
    clock,
    log,
    tokenMarks: marksOf(tokens, pepper),
    ...(config.auth.mode === 'none' ? { anonymous } : {}),
  });
}

/** By credential: tells the value of a token from the next at its place, and tells nobody what it is. */
function marksOf(tokens: readonly StaticToken[], pepper: Uint8Array): ReadonlyMap<string, string> {
  const markOf = ({ secret }: StaticToken) =>
    createHmac('sha256', pepper).update(markContext).update(hashOf(secret)).digest('hex');
  return new Map(tokens.map((token) => [token.principal.credential, markOf(token)]));
}

/** Through the guard, wherever the issuer says that they are. */
async function loadKeys(issuer: IssuerConfig): Promise<JsonObject> {
  const { addresses, plainHttp } = issuer;
  const client = guardedClientFor({ url: issuer.issuer, addresses, plainHttp });
  const url = await findKeysUrl(client, issuer);
  const keysClient = issuer.jwksUri === undefined ? client : guardedClientFor({ url, addresses, plainHttp });
  return fetchDocument(keysClient, url);
}

function usable<Result>(make: () => Result): Result {
  try {
    return make();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError([{ path: 'auth.tokens', message }], cause);
  }
}

async function readTokens(config: EffectiveConfig, broker: Broker): Promise<StaticToken[]> {
  const problems: ConfigProblem[] = [];
  const tokens: StaticToken[] = [];
  for (const [index, entry] of config.auth.tokens.entries()) {
    const { principal, tokens: references, roles, tenant, labels = {}, scopes } = entry;
    const grants = scopes === undefined ? {} : { grants: scopes };
    for (const [position, reference] of references.entries()) {
      const credential = `token:${principal}${position === 0 ? '' : `/${position + 1}`}`;
      try {
        const secret = await broker.resolve(parseConfiguredValue(reference));
        tokens.push({ principal: { id: principal, credential, tenant, roles, labels, ...grants }, secret });
      } catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        problems.push({ path: `auth.tokens[${index}].tokens[${position}]`, message });
      }
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return tokens;
}
