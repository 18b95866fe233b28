import type { Broker } from '../credentials/broker.js';
import { parseConfiguredValue } from '../credentials/configured-value.js';
import { isWeak } from '../credentials/is-weak.js';
import { adminTokenReference } from './admin-token.js';
import type { ConfigProblem } from './config/config-error.js';
import type { EffectiveConfig } from './config/effective-config.js';
import { isPrivate } from './config/first-sight.js';

interface Place {
  readonly path: string;
  readonly reference: string;
}

/** Tokens that others can guess, of a gateway that others can reach. */
export async function weakTokens(
  config: EffectiveConfig,
  broker: Pick<Broker, 'resolve'>,
): Promise<ConfigProblem[]> {
  if (isPrivate(config)) return [];
  const problems = await Promise.all(places(config).map((place) => problemAt(place, broker)));
  return problems.flatMap((problem) => problem ?? []);
}

function places(config: EffectiveConfig): Place[] {
  const ofTokens = config.auth.tokens.flatMap(({ tokens }, index) =>
    tokens.map((reference, position) => ({ path: `auth.tokens[${index}].tokens[${position}]`, reference })),
  );
  const reference = adminTokenReference(config);
  return reference === undefined ? ofTokens : [...ofTokens, { path: 'approvals.adminToken', reference }];
}

async function problemAt(
  { path, reference }: Place,
  broker: Pick<Broker, 'resolve'>,
): Promise<ConfigProblem | undefined> {
  let found = `a weak or default token (${reference})`;
  try {
    if (!isWeak(await broker.resolve(parseConfiguredValue(reference)))) return undefined;
  } catch (cause) {
    found = cause instanceof Error ? cause.message : String(cause);
  }
  const expected = 'at least 16 random characters, since others can reach the gateway';
  const remedy = 'make one with "openssl rand -base64 24"';
  return { path, found, expected, message: `found ${found}; expected ${expected}; ${remedy}` };
}
