import { guardedClientFor, isThisMachine } from '../../lib/net/client-for.js';

/** The provider, and what is said of the way to it. */
export interface ProviderPlace {
  readonly issuer: string;
  readonly addresses: readonly string[];
  readonly plainHttp: boolean;
}

interface Wanted {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const limits = { timeoutMs: 5000, maxBytes: 262_144 };

/** `fetch` for a library, through the guard. What a provider elsewhere names on this machine is not asked. */
export function guardedFetch({ issuer, addresses, plainHttp }: ProviderPlace) {
  return async (url: string, { method = 'GET', headers = {}, body }: Wanted): Promise<Response> => {
    if (method !== 'GET' && method !== 'POST') throw new Error(`${method} is not asked of providers`);
    if (isThisMachine(new URL(url)) && !isThisMachine(new URL(issuer)))
      throw new Error('the provider names a place on this machine');
    const client = guardedClientFor({ url, addresses, plainHttp });
    const sent = body instanceof URLSearchParams ? { body: body.toString() } : {};
    const reply = await client.request({ method, url, headers, ...sent, ...limits });
    return new Response(reply.body.length === 0 ? null : new Uint8Array(reply.body), {
      status: reply.status,
      headers: reply.contentType === undefined ? {} : { 'content-type': reply.contentType },
    });
  };
}
