import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type GatewayProcess,
  sallyport,
  scratchFolder,
  startGateway,
  until,
} from '../e2e/gateway-process.js';

const folder = scratchFolder();
let gateway: GatewayProcess;
let token = '';

beforeAll(async () => {
  gateway = await startGateway(folder.path, { upstreams: {}, dataDir: 'data' });
  await until('the token', () => gateway.log().includes('setup_'));
  [token = ''] = /setup_[\w-]{43}/.exec(gateway.log()) ?? [];
});
afterAll(async () => {
  await gateway.stop();
  folder.remove();
});

interface Made {
  readonly status: number;
  readonly body: Readonly<Record<string, string>>;
}

async function setUp(body: object): Promise<Made> {
  const response = await fetch(`${gateway.baseUrl}/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'first' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

describe('a gateway that nobody has a key for', () => {
  it('gives the first key, of an administrator, to whoever has the token of its terminal, once and under no Idempotency-Key again', async () => {
    for (let n = 0; n < 10; n++)
      expect(await setUp({ token: `${token}x` })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    const flooding = await setUp({ token: `${token}x` });
    expect(flooding).toMatchObject({ status: 429, body: { code: 'too_many_failures' } });
    const answers = await Promise.all([
      setUp({ token, principal: 'ann' }),
      setUp({ token, principal: 'ben' }),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 429]);
    const again = await Promise.all(['ann', 'ben'].map((principal) => setUp({ token, principal })));
    expect(again.map(({ status }) => status)).toEqual([429, 429]);
    const { key = '', principal } = answers.find(({ status }) => status === 201)?.body ?? {};
    const audit = await fetch(`${gateway.baseUrl}/v1/audit/records?type=key.created,auth.failed`, {
      headers: { authorization: `Bearer ${key}` },
    });
    const text = await audit.text();
    expect(audit.status).toBe(200);
    expect(text).toContain('"by":"setup"');
    expect(text).toContain('"reason":"setup_token"');
    expect(text).not.toContain(key);
    expect(text).not.toContain(token);
    expect(gateway.log()).not.toContain(key);
    const { stdout } = await sallyport(folder.path, ['keys', 'list', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ keys: [{ principal, roles: ['admin'], state: 'active' }] });
  });

  it('prints no token once there has been a key', async () => {
    await gateway.stop();
    gateway = await startGateway(folder.path, { upstreams: {}, dataDir: 'data' });
    expect((await setUp({ token })).status).toBe(403);
    expect(gateway.log()).not.toContain('setup_');
  });
});
