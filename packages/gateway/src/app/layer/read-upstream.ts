import type { UpstreamConfig } from '#contract';
import { parseConfiguredValue } from '../../credentials/configured-value.js';
import { compileGlob } from '../../lib/glob.js';
import { addressRules } from '../../lib/net/address-rules.js';
import { GuardedClient } from '../../lib/net/guarded-client.js';
import { ConfigError, type ConfigProblem } from '../config/config-error.js';
import { formatPath } from '../config/describe-value.js';
import type { EffectiveConfig } from '../config/effective-config.js';
import { hasSecret } from '../config/mask-config.js';
import { isSecretText } from '../config/secret-like.js';
import { validateConfig } from '../config/validate-config.js';
import { within } from './problem-paths.js';

export type HttpUpstreamConfig = Extract<UpstreamConfig, { readonly url: string }>;

/**
 * An upstream that somebody made over REST, with its defaults filled in. No program is ever started for one, it is at an
 * address to which the file lets such upstreams be, and secrets are referred to, of those the file lets them have.
 * Throws ConfigError with every problem, by paths in the body.
 */
export function readUpstream(id: string, body: unknown, { apiLayer }: EffectiveConfig): HttpUpstreamConfig {
  if (hasMember(body, 'command')) throw new ConfigError([programProblem]);
  const whole = formatPath(['upstreams', id]);
  const { upstreams } = within(whole, () => validateConfig({ upstreams: { [id]: body } }));
  const upstream = upstreams[id];
  if (upstream === undefined || !('url' in upstream)) throw new ConfigError([programProblem]);
  const problems = [
    ...urlProblems(upstream.url, apiLayer),
    ...(upstream.addresses.length === 0 ? [] : [addressesProblem]),
    ...Object.entries(upstream.headers).flatMap(([name, text]) => headerProblems(name, text, apiLayer)),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return upstream;
}

const programProblem: ConfigProblem = {
  path: 'command',
  found: 'a program to start',
  expected: '"url"',
  message:
    'found a program to start; expected "url": nothing that is made over REST starts a program, so write this upstream into the configuration file',
};

const addressesProblem: ConfigProblem = {
  path: 'addresses',
  message:
    'the file says in "apiLayer.addresses" where upstreams that are made over REST may be; leave it out',
};

type Terms = EffectiveConfig['apiLayer'];

function urlProblems(url: string, { addresses, plainHttp }: Terms): ConfigProblem[] {
  if (hasSecret(url)) {
    const message = 'the URL holds a secret, which stays out of the store; refer to it in a header';
    return [{ path: 'url', message }];
  }
  const client = new GuardedClient({
    addresses: addressRules(addresses),
    plainOrigins: plainHttp ? [new URL(url).origin] : [],
  });
  const why = client.whyNot(url);
  if (why === undefined) return [];
  const remedy = 'the file says in "apiLayer" where upstreams that are made over REST may be';
  return [{ path: 'url', message: `${why}; ${remedy}` }];
}

function headerProblems(name: string, text: string, { secrets }: Terms): ConfigProblem[] {
  const path = formatPath(['headers', name]);
  const { parts } = parseConfiguredValue(text);
  const references = parts.flatMap((part) => (typeof part === 'string' ? [] : [part.secret]));
  if (references.length === 0 && isSecretText(name, text)) {
    const remedy = `refer to it: env:NAME, file:PATH, or "Bearer \${env:NAME}"`;
    return [{ path, message: `the secret itself is not kept; ${remedy}` }];
  }
  const allowed = secrets.map(compileGlob);
  return references
    .filter((reference) => !allowed.some((glob) => glob.matches(reference)))
    .map((reference) => ({
      path,
      found: JSON.stringify(reference),
      expected: secrets.join(', ') || 'no reference',
      message: `found the reference ${JSON.stringify(reference)}; expected one that "apiLayer.secrets" in the file allows: ${secrets.join(', ') || 'none'}`,
    }));
}

function hasMember(body: unknown, name: string): boolean {
  return typeof body === 'object' && body !== null && Object.hasOwn(body, name);
}
