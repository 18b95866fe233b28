import { createHmac } from 'node:crypto';
import { type Destination, guardedClientFor } from '../lib/net/client-for.js';
import type { OutboundReply } from '../lib/net/guarded-client.js';
import type { Broker } from './broker.js';
import { parseConfiguredValue } from './configured-value.js';

/** A service that the configuration names. */
export interface OutboundDestination extends Destination {
  /** Values may hold references to secrets. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A reference to the secret that signs requests. */
  readonly signWith?: string;
}

export interface OutboundEndpoint {
  post(body: string, limits: { timeoutMs: number; maxBytes: number }): Promise<OutboundReply>;
}

export interface EndpointDeps {
  readonly broker: Broker;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * The way to a service that is told of calls. Secrets are read for each request and go nowhere but into it. Throws a
 * sentence for a destination to which the gateway does not go; what can only be told from its name's addresses, and
 * secrets that cannot be had, reject requests.
 */
export function openEndpoint(destination: OutboundDestination, deps: EndpointDeps): OutboundEndpoint {
  const { url, signWith } = destination;
  const client = guardedClientFor(destination);
  const why = client.whyNot(url);
  if (why !== undefined) throw new Error(why);
  const values = Object.entries(destination.headers ?? {}).map(
    ([name, value]) => [name.toLowerCase(), parseConfiguredValue(value)] as const,
  );
  const configured = Object.fromEntries(values);
  return {
    async post(body, limits) {
      const secrets = await deps.broker.resolveAll(configured);
      const headers = Object.fromEntries([...secrets].map(([name, secret]) => [name, secret.reveal()]));
      const signed = signWith === undefined ? {} : await signature(signWith, body, deps);
      const sent = { accept: 'application/json', ...headers, ...signed, 'content-type': 'application/json' };
      return client.request({ method: 'POST', url, headers: sent, body, ...limits });
    },
  };
}

/** HMAC-SHA-256 of the time in seconds, a dot and the body, so that an old request cannot be sent again. */
async function signature(
  reference: string,
  body: string,
  { broker, now }: EndpointDeps,
): Promise<Record<string, string>> {
  const secret = await broker.resolve(parseConfiguredValue(reference), 'variable');
  const timestamp = String(Math.floor(now() / 1000));
  const mac = createHmac('sha256', secret.reveal()).update(`${timestamp}.${body}`).digest('hex');
  return { 'x-sallyport-timestamp': timestamp, 'x-sallyport-signature': `v1=${mac}` };
}
