import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadConfig } from '../config/load-config.js';
import { proxyGatewaySample } from './cordon-samples-fixture.js';
import { findSecretTexts } from './hide-secrets.js';
import { nativeText } from './native-text.js';
import { readForMigration } from './read-for-migration.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'migration-'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function migrated(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return nativeText(findSecretTexts(await readForMigration(name, folder)));
}

test('seed 002 is written with its variables, whether they are set or not, and runs as the native form', async () => {
  vi.stubEnv('UPSTREAM_API_KEY', 'atb_secret_value');
  const text = await migrated('proxy-gateway.config.ts', proxyGatewaySample);
  expect(process.env.UPSTREAM_API_KEY).toBe('atb_secret_value');
  expect(process.env.GATEWAY_AUTH_TOKEN).toBeUndefined();
  expect(text).not.toContain('atb_secret_value');
  expect(text).toContain('UPSTREAM_API_KEY: env:UPSTREAM_API_KEY');
  expect(text).toContain('- env:GATEWAY_AUTH_TOKEN');
  expect(text).toMatch(/approvals:\n {2}channels:\n {4}- kind: terminal/);
  await writeFile(join(folder, 'native.yaml'), text);
  const config = await loadConfig({ file: join(folder, 'native.yaml'), environment: {} });
  expect(config.policy.rules.map(({ id, effect }) => `${id} ${effect}`)).toEqual([
    'production-tool-server.tools.allow allow',
    'production-tool-server.stock_thesis.ask ask',
    'production-tool-server.moat_analysis.ask ask',
    'production-tool-server.bear_vs_bull.ask ask',
    'production-tool-server.compare_stocks.ask ask',
  ]);
});

test('a secret that is written out is proposed as a variable, and never printed', async () => {
  const text = await migrated(
    'mcp.json',
    JSON.stringify({
      mcpServers: {
        gh: { command: 'x', env: { API_KEY: 'sk-very-secret', MODE: 'ro' } },
        api: { url: 'https://x.example/mcp', headers: { Authorization: 'Bearer tok-very-secret' } },
      },
    }),
  );
  expect(text).not.toContain('very-secret');
  expect(text).toContain('# Set GH_API_KEY to the secret that was written here.');
  expect(text).toContain('API_KEY: env:GH_API_KEY');
  expect(text).toContain('MODE: ro');
  expect(text).toContain(`Authorization: Bearer \${env:API_AUTHORIZATION}`);
});

test('nor is one that stands in an argument, in a URL, in a header or variable of any name, or comes by a variable', async () => {
  const secret = 'tok-very-secret';
  const args = [
    '--api-key',
    secret,
    `--token=${secret}`,
    '-H',
    `Authorization: Bearer ${secret}`,
    `db://u:${secret}@h/x`,
  ];
  const env = {
    DATABASE_URL: `postgres://u:${secret}@h/db`,
    PGPASS: secret,
    MYKEY: secret,
    GH: `ghp_${secret}`,
  };
  const text = await migrated(
    'mcp.json',
    JSON.stringify({
      mcpServers: {
        a: { command: 'x', args: [...args, '--verbose'], env },
        b: { url: `https://h.example/mcp?api_key=${secret}&x=1`, headers: { 'X-Any': `Bearer ${secret}` } },
      },
    }),
  );
  expect(text).not.toContain('very-secret');
  expect(text).toContain('# Put the secret that was written here in the place of A_API_KEY.');
  expect(text).toContain('https://h.example/mcp?api_key=B_API_KEY&x=1');
  expect(text).toContain('- --verbose');
  vi.stubEnv('UPSTREAM_API_KEY', secret);
  const code = await migrated(
    'cordon.config.ts',
    `import { defineConfig } from '@getcordon/policy';
    const { UPSTREAM_API_KEY: key } = process.env;
    export default defineConfig({ servers: [{ name: 's', command: 'x', env: { MODE: key ?? '' } }] });`,
  );
  expect(code).toContain('MODE: env:UPSTREAM_API_KEY');
});

test('what has no counterpart stands as a comment beside what it is about', async () => {
  const text = await migrated(
    'p.yaml',
    'version: "1"\ndescription: For the demo.\ndefault: deny\ntools: {a: {}}\napprovals: {webhook: {}}\n',
  );
  expect(text).toContain('# For the demo.');
  expect(text).toContain('# Intercept lets prompts and resources pass');
  expect(text).toContain('# approvals: the webhook needs a secret and people');
});

test('a file that is native already, or of no known kind, is refused', async () => {
  for (const text of ['upstreams: {}\n', 'hello: 1\n'])
    await expect(migrated('x.yaml', text)).rejects.toThrow('found the native form, or nothing that is known');
  await expect(migrated('y.json', '{"type": "allow", "tool": "x"}')).rejects.toThrow('unknown key "tool"');
});
