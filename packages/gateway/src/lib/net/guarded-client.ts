import { lookup as lookUp } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { AddressRules } from './address-rules.js';

/** One request of the gateway's own, to a place that somebody else may have named. */
export interface OutboundRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For everything together: resolving, connecting, sending and reading. */
  readonly timeoutMs: number;
  /** Longest body of the answer. */
  readonly maxBytes: number;
}

export interface OutboundReply {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: Buffer;
}

/** Why there was no answer, in a sentence that holds nothing of what the other side sent. */
class OutboundFault extends Error {
  readonly kind: 'forbidden' | 'unreachable' | 'timeout' | 'too_large';

  constructor(kind: OutboundFault['kind'], message: string) {
    super(message);
    this.name = 'OutboundFault';
    this.kind = kind;
  }
}

export interface GuardedClientOptions {
  readonly addresses: AddressRules;
  /** Origins to which plain http is allowed, for example `http://opa.internal:8181`. */
  readonly plainOrigins?: readonly string[];
  /** All addresses of a name. */
  readonly resolve?: (hostname: string) => Promise<readonly string[]>;
}

interface Destination {
  readonly url: URL;
  readonly address: string;
}

/**
 * The one way in which the gateway calls places on its own behalf: https, or http where it was written down; a name is
 * resolved once, all its addresses must be allowed, and the connection goes to one of these. Redirects are answers, not
 * followed. Nothing of the environment (proxies) has a say.
 */
export class GuardedClient {
  readonly #options: GuardedClientOptions;

  constructor(options: GuardedClientOptions) {
    this.#options = options;
  }

  /** Rejects with OutboundFault. */
  async request(wanted: OutboundRequest): Promise<OutboundReply> {
    const timeout = AbortSignal.timeout(wanted.timeoutMs);
    const expired = new Promise<never>((_, reject) => {
      timeout.addEventListener('abort', () =>
        reject(new OutboundFault('timeout', `no answer within ${wanted.timeoutMs} ms`)),
      );
    });
    const answered = this.#find(wanted.url).then((destination) => send(destination, wanted, timeout));
    // Whichever loses the race must not count as unhandled.
    answered.catch(() => undefined);
    return Promise.race([answered, expired]);
  }

  /** Why a place would be refused, as far as it can be told without resolving its name. */
  whyNot(text: string): string | undefined {
    try {
      const url = this.#checkedUrl(text);
      const literal = literalOf(url);
      return literal === undefined ? undefined : this.#options.addresses.whyNot(literal);
    } catch (cause) {
      return cause instanceof Error ? cause.message : String(cause);
    }
  }

  async #find(text: string): Promise<Destination> {
    const url = this.#checkedUrl(text);
    const literal = literalOf(url);
    const addresses = literal === undefined ? await this.#resolve(url.hostname) : [literal];
    for (const address of addresses) {
      const why = this.#options.addresses.whyNot(address);
      if (why !== undefined) throw new OutboundFault('forbidden', `${url.hostname}: ${why}`);
    }
    const [address] = addresses;
    if (address === undefined) throw new OutboundFault('unreachable', `${url.hostname} has no address`);
    return { url, address };
  }

  #checkedUrl(text: string): URL {
    if (!URL.canParse(text)) throw new OutboundFault('forbidden', 'the address is no URL');
    const url = new URL(text);
    if (url.username !== '' || url.password !== '') {
      throw new OutboundFault('forbidden', 'the URL holds a user name or password');
    }
    const plain = url.protocol === 'http:' && (this.#options.plainOrigins ?? []).includes(url.origin);
    if (url.protocol === 'https:' || plain) return url;
    throw new OutboundFault('forbidden', `the URL must begin with https:// (found ${url.protocol}//)`);
  }

  async #resolve(hostname: string): Promise<readonly string[]> {
    const resolve = this.#options.resolve ?? resolveAll;
    try {
      return await resolve(hostname);
    } catch {
      throw new OutboundFault('unreachable', `${hostname} cannot be resolved`);
    }
  }
}

async function resolveAll(hostname: string): Promise<string[]> {
  return (await lookUp(hostname, { all: true })).map(({ address }) => address);
}

/** URL has turned all other spellings of an address (decimal, hex, octal) into the usual one. */
function literalOf({ hostname }: URL): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIP(bare) === 0 ? undefined : bare;
}

function send(
  { url, address }: Destination,
  wanted: OutboundRequest,
  signal: AbortSignal,
): Promise<OutboundReply> {
  const { method, headers = {}, body, maxBytes } = wanted;
  const options = {
    method,
    host: address,
    port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
    path: `${url.pathname}${url.search}`,
    // Certificates and virtual hosts go by the name, the connection by the address that was checked.
    ...(isIP(url.hostname) === 0 && !url.hostname.startsWith('[') ? { servername: url.hostname } : {}),
    headers: {
      ...headers,
      host: url.host,
      ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
    },
    agent: false,
    signal,
  } as const;
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(options, (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length <= maxBytes) chunks.push(chunk);
        else request.destroy(new OutboundFault('too_large', `the answer is longer than ${maxBytes} bytes`));
      });
      response.on('end', () => {
        const { statusCode = 0, headers: given } = response;
        resolve({ status: statusCode, contentType: given['content-type'], body: Buffer.concat(chunks) });
      });
      response.on('error', (cause) => reject(faultOf(cause, url)));
    });
    request.on('error', (cause) => reject(faultOf(cause, url)));
    request.end(body);
  });
}

function faultOf(cause: Error, { hostname }: URL): OutboundFault {
  if (cause instanceof OutboundFault) return cause;
  const code = 'code' in cause && typeof cause.code === 'string' ? ` (${cause.code})` : '';
  return new OutboundFault('unreachable', `${hostname} cannot be reached${code}`);
}
