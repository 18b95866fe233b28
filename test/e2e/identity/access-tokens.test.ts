import { createHmac, createPublicKey } from 'node:crypto';
import { importJWK, type JWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, root, sallyport, scratchFolder, startGateway } from '../gateway-process.js';
import { startProvider, type TestProvider } from './provider.js';

const folder = scratchFolder();
const resource = 'https://gateway.example/mcp';
const server = `${root}/test/fixtures/changing-server.mjs`;
let provider: TestProvider;
let gateway: GatewayProcess;

beforeAll(async () => {
  provider = await startProvider({ resource });
  gateway = await startGateway(
    folder.path,
    configOf({ scopes: { 'mcp:tools': ['mcp:call'], ops: ['audit:read'] } }),
  );
});

afterAll(async () => {
  await gateway.stop();
  await provider.close();
  folder.remove();
});

function configOf(more: object): object {
  const issuer = { issuer: provider.issuer, audience: [resource], roles: ['agent', 'auditor'], ...more };
  return {
    dataDir: 'data',
    auth: { publicUrl: 'https://gateway.example', issuers: [issuer] },
    upstreams: { tools: { command: process.execPath, args: [server] } },
    policy: { default: 'allow' },
  };
}

const meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
};

/** Lists the tools with a token. */
function list(token: string | undefined): Promise<Response> {
  return fetch(`${gateway.baseUrl}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/list',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: meta } }),
  });
}

async function statusOf(token: string): Promise<number> {
  const response = await list(token);
  await response.text();
  return response.status;
}

interface Parts {
  readonly header?: object;
  readonly claims?: object;
  readonly key?: JWK;
}

/** A token like those of the provider, signed with its key unless another is given. */
async function forged({ header, claims, key = provider.signingKey }: Parts = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const usual = {
    iss: provider.issuer,
    aud: resource,
    sub: 'agent-a',
    scope: 'mcp:tools',
    iat: now,
    exp: now + 300,
  };
  return new SignJWT({ ...usual, ...claims })
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: provider.signingKey.kid ?? '', ...header })
    .sign(await importJWK(key, 'RS256'));
}

describe('an access token of a real provider', () => {
  it('lets its holder in, whom the trail names', async () => {
    expect(await statusOf(await provider.token())).toBe(200);
    expect(await statusOf(await forged())).toBe(200);
    const { stdout } = await sallyport(folder.path, ['audit', 'query', '--json', '--type', 'list.answered']);
    expect(stdout).toContain('"id":"agent-a"');
  });

  it('is refused when anything about it is wrong', async () => {
    const now = Math.floor(Date.now() / 1000);
    const publicKey = createPublicKey({ key: provider.signingKey as never, format: 'jwk' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const [, claims = ''] = (await forged()).split('.');
    const unsigned = (alg: string) =>
      `${part({ alg, typ: 'at+jwt', kid: provider.signingKey.kid })}.${claims}`;
    const hmac = createHmac('sha256', pem).update(unsigned('HS256')).digest('base64url');
    const other = await startProvider({ resource });
    const wrong: Record<string, string> = {
      'of another provider': await other.token(),
      'signed by somebody else': await forged({ key: other.signingKey }),
      expired: await forged({ claims: { exp: now - 60 } }),
      'not yet valid': await forged({ claims: { nbf: now + 600 } }),
      'for another audience': await forged({ claims: { aud: 'https://files.example/mcp' } }),
      'of another issuer': await forged({ claims: { iss: `${provider.issuer}/` } }),
      'an HMAC with the public key': `${unsigned('HS256')}.${hmac}`,
      'without a signature': `${unsigned('none')}.`,
      'with an unknown extension': await forged({ header: { crit: ['b64'], b64: true } }),
      'of another type': await forged({ header: { typ: 'JWT' } }),
      'with another key': await forged({ header: { kid: 'other' } }),
    };
    await other.close();
    const statuses = await Promise.all(
      Object.entries(wrong).map(async ([what, token]) => [what, await statusOf(token)] as const),
    );
    expect(statuses.filter(([, status]) => status !== 401 && status !== 429)).toEqual([]);
    const { stdout } = await sallyport(folder.path, ['audit', 'query', '--json', '--type', 'auth.failed']);
    expect(stdout).toContain('jwt: alg');
  });

  it('with too few scopes is told which are needed, on the face that needs them', async () => {
    const response = await list(await forged({ claims: { scope: 'ops xmcp:tools' } }));
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toBe(
      'Bearer realm="sallyport", error="insufficient_scope", scope="mcp:tools", ' +
        'resource_metadata="https://gateway.example/.well-known/oauth-protected-resource/mcp"',
    );
    const asked = async (path: string, scope: string) => {
      const authorization = `Bearer ${await forged({ claims: { scope } })}`;
      return fetch(`${gateway.baseUrl}${path}`, { headers: { authorization } });
    };
    expect((await asked('/v1/audit/records', 'ops')).status).toBe(200);
    const refused = await asked('/v1/audit/records', 'mcp:tools');
    expect(refused.status).toBe(403);
    expect(refused.headers.get('www-authenticate')).toContain('error="insufficient_scope", scope="ops"');
  });
});

describe('an open stream', () => {
  it('ends within five seconds of the end of the access token that it was opened with, and not before', async () => {
    const own = scratchFolder();
    const strict = await startGateway(own.path, configOf({ clockToleranceSeconds: 0 }));
    try {
      const exp = Math.floor(Date.now() / 1000) + 3;
      const authorization = `Bearer ${await forged({ claims: { exp } })}`;
      const headers = {
        authorization,
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
      };
      const clientInfo = { name: 'test', version: '1' };
      const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
      const opened = await fetch(`${strict.baseUrl}/mcp`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }),
      });
      await opened.text();
      const session = opened.headers.get('mcp-session-id') ?? '';
      const stream = await fetch(`${strict.baseUrl}/mcp`, {
        headers: { ...headers, 'mcp-session-id': session, 'mcp-protocol-version': '2025-11-25' },
      });
      expect([opened.status, stream.status]).toEqual([200, 200]);
      await stream.text();
      const lateMs = Date.now() - exp * 1000;
      expect(lateMs).toBeGreaterThanOrEqual(0);
      expect(lateMs).toBeLessThan(5000);
    } finally {
      await strict.stop();
      own.remove();
    }
  });
});

describe('whoever has no token yet', () => {
  it('is led to the metadata, which name the provider and the scopes', async () => {
    const response = await list(undefined);
    expect(response.status).toBe(401);
    const [, link = ''] =
      /resource_metadata="([^"]+)"/.exec(response.headers.get('www-authenticate') ?? '') ?? [];
    const { pathname } = new URL(link);
    for (const path of [pathname, '/.well-known/oauth-protected-resource']) {
      const metadata = await fetch(`${gateway.baseUrl}${path}`);
      expect(await metadata.json()).toEqual({
        resource,
        authorization_servers: [provider.issuer],
        bearer_methods_supported: ['header'],
        scopes_supported: ['mcp:tools', 'ops'],
        resource_name: 'Sallyport',
      });
    }
    expect((await fetch(`${gateway.baseUrl}/.well-known/oauth-protected-resource/other`)).status).toBe(404);
    expect((await fetch(`${gateway.baseUrl}${pathname}`, { method: 'POST' })).status).toBe(405);
  });
});

describe('a provider that is away', () => {
  it('is no fault of the caller: 503, and nobody is let in unseen', async () => {
    const own = scratchFolder();
    const away = await startProvider({ resource });
    const token = await away.token();
    await away.close();
    const config = { ...configOf({ issuer: away.issuer }) };
    const other = await startGateway(own.path, config);
    try {
      const response = await fetch(`${other.baseUrl}/mcp`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: '{}',
      });
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('5');
      expect(
        (await fetch(`${other.baseUrl}/v1/audit`, { headers: { authorization: `Bearer ${token}` } })).status,
      ).toBe(503);
    } finally {
      await other.stop();
      own.remove();
    }
  });
});
