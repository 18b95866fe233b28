import { isJsonObject, parseJson } from '../lib/json/parse-json.js';
import type { GuardedClient } from '../lib/net/guarded-client.js';
import type { JsonObject } from '../model/json.js';

const limits = { timeoutMs: 5000, maxBytes: 262_144 };

/** The document at a URL; rejects for anything but a JSON object with status 200. */
export async function fetchDocument(
  client: Pick<GuardedClient, 'request'>,
  url: string,
): Promise<JsonObject> {
  const headers = { accept: 'application/json' };
  const { status, body } = await client.request({ method: 'GET', url, headers, ...limits });
  if (status !== 200) throw new Error(`${new URL(url).host} answered with status ${status}`);
  const { value } = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(body));
  if (!isJsonObject(value)) throw new Error(`${new URL(url).host} sent no JSON object`);
  return value;
}

/** Where an issuer's keys are: as configured, else as its metadata say, which must name it as their issuer exactly. */
export async function findKeysUrl(
  client: Pick<GuardedClient, 'request'>,
  { issuer, jwksUri }: { readonly issuer: string; readonly jwksUri?: string | undefined },
): Promise<string> {
  if (jwksUri !== undefined) return jwksUri;
  let fault: unknown;
  for (const url of metadataUrls(issuer)) {
    try {
      const metadata = await fetchDocument(client, url);
      if (metadata.issuer !== issuer) throw new Error(`the metadata at ${url} are of another issuer`);
      if (typeof metadata.jwks_uri !== 'string') throw new Error(`the metadata at ${url} have no jwks_uri`);
      return metadata.jwks_uri;
    } catch (cause) {
      fault ??= cause;
    }
  }
  throw fault;
}

/** OpenID Connect Discovery, then RFC 8414, which puts its path before that of the issuer. */
function metadataUrls(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  return [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ];
}
