import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root, run } from '../e2e/gateway-process.js';
import { compile } from '../types/compile.js';
import { documentOf, type OpenApiDocument } from './operations.js';
import { openRestGateway, type RestGateway, tokenOf } from './rest-gateway.js';

let gateway: RestGateway;
let document: OpenApiDocument;

beforeAll(async () => {
  gateway = await openRestGateway();
  document = await documentOf(gateway);
});
afterAll(() => gateway.close());

it('lints clean under the strict rules of redocly', async () => {
  const file = join(gateway.folder, 'openapi.json');
  writeFileSync(file, JSON.stringify(document, null, 2));
  const redocly = join(root, 'node_modules/@redocly/cli/bin/cli.js');
  const config = join(root, 'test/rest/redocly.yaml');
  const env = { PATH: process.env.PATH ?? '', HOME: gateway.folder, REDOCLY_TELEMETRY: 'off', CI: 'true' };
  const { code, stdout, stderr } = await run(
    [process.execPath, redocly, 'lint', file, '--config', config, '--format', 'stylish'],
    { cwd: gateway.folder, env: { ...env, REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' } },
  );
  expect(code, `${stdout}${stderr}`).toBe(0);
});

it('gives types with which a generated client compiles, and notices what the document does not know', async () => {
  const types = astToString(await openapiTS(JSON.stringify(document)));
  const client = (path: string) => `${types}
    import createClient from 'openapi-fetch';
    const client = createClient<paths>({ baseUrl: ${JSON.stringify(gateway.url)} });
    export async function look(): Promise<string[]> {
      const { data, error } = await client.GET('${path}', { params: { query: { limit: 5, state: 'pending' } } });
      if (error !== undefined) throw new Error(error.code + error.detail);
      await client.POST('/v1/approvals/{id}/deny', { params: { path: { id: 'x' } }, body: { note: 'no' } });
      return data.approvals.map(({ id }) => id);
    }`;
  expect(compile(root, client('/v1/approvals'))).toEqual([]);
  expect(compile(root, client('/v1/aprovals')).join('\n')).toContain('/v1/aprovals');
});

it('is shown to people with nothing that does not come from the gateway', async () => {
  const page = await fetch(`${gateway.url}/docs`);
  expect([page.status, page.url]).toEqual([200, `${gateway.url}/docs/index.html`]);
  const policy = page.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'; script-src 'self';");
  const html = await page.text();
  expect(html).not.toMatch(/https?:\/\/|<script(?![^>]* src=)|<style/);
  const files = [...html.matchAll(/(?:src|href)="(\/docs\/[^"]+)"/g)].map(([, path]) => path);
  expect(files).toHaveLength(3);
  for (const path of files) expect((await fetch(gateway.url + path)).status).toBe(200);
  const problems = await (await fetch(`${gateway.url}/docs/problems`)).text();
  expect(problems).toContain('id="idempotency_mismatch"');
});

it('does the first of two equal requests and gives its answer to both', async () => {
  const ask = () =>
    fetch(`${gateway.url}/v1/approvals/none/cancel`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${tokenOf('operator')}`, 'Idempotency-Key': 'k-1' },
    });
  const first = await ask();
  const second = await ask();
  expect([first.status, second.status]).toEqual([404, 404]);
  expect(first.headers.get('idempotency-replayed')).toBeNull();
  expect(second.headers.get('idempotency-replayed')).toBe('true');
  const other = await fetch(`${gateway.url}/v1/approvals/none/cancel`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${tokenOf('admin')}`, 'Idempotency-Key': 'k-1' },
  });
  expect(other.headers.get('idempotency-replayed')).toBeNull();
});
