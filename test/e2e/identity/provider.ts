import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider, { type Configuration } from 'oidc-provider';

/** A real OpenID provider on this machine. */
export interface TestProvider {
  readonly issuer: string;
  /** What its tokens are signed with now. */
  readonly signingKey: JWK;
  /** An access token of a program. */
  token(): Promise<string>;
  close(): Promise<void>;
}

const client = { id: 'agent-a', secret: 'agent-a-secret-agent-a-secret-agent-a' };

export interface ProviderOptions {
  /** What access tokens are for. */
  readonly resource: string;
  readonly scope?: string;
  readonly ttlSeconds?: number;
  /** More of the provider's configuration, once it is known where it listens. */
  readonly more?: (issuer: string) => Partial<Configuration>;
  readonly port?: number;
}

/** Starts a provider with one key, whose programs get signed access tokens (RFC 9068) for one resource. */
export async function startProvider(options: ProviderOptions): Promise<TestProvider> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const signingKey = { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: `k${Date.now()}` };
  const server = createServer();
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, configurationOf(options, signingKey, issuer));
  const serve = provider.callback();
  server.on('request', (request, response) => void serve(request, response));
  return {
    issuer,
    signingKey,
    token: () => fetchToken(issuer, options),
    close: () => closed(server),
  };
}

function configurationOf(
  { resource, scope = 'mcp:tools', ttlSeconds = 300, more }: ProviderOptions,
  key: JWK,
  issuer: string,
): Configuration {
  const { clients = [], ...rest } = more?.(issuer) ?? {};
  return {
    ...rest,
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        scope,
      },
      ...clients,
    ],
    scopes: ['openid', 'profile', ...scope.split(' ')],
    jwks: { keys: [key] },
    features: {
      ...rest.features,
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope,
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: ttlSeconds,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  };
}

async function fetchToken(
  issuer: string,
  { resource, scope = 'mcp:tools' }: ProviderOptions,
): Promise<string> {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${client.id}:${client.secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource, scope }),
  });
  const { access_token } = (await response.json()) as { access_token?: string };
  if (access_token === undefined) throw new Error(`no token: status ${response.status}`);
  return access_token;
}

async function closed(server: Server): Promise<void> {
  const end = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await end;
}
