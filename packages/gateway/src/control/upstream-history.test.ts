import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LayerFault } from '../model/layer-fault.js';
import { createControlFace } from './control-face.js';
import { faceOptions } from './face-fixture.js';

let fault = new LayerFault('exists', 'The id is taken.');
const { layer } = faceOptions();
const server = createServer(
  createControlFace(faceOptions({ layer: { ...layer, rollBack: () => Promise.reject(fault) } })),
);
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

it.each([
  ['exists', 409, 'exists'],
  ['read_only', 409, 'read_only'],
  ['invalid', 422, 'invalid_upstream'],
] as const)('an upstream whose return is refused as %s is told so', async (kind, status, code) => {
  fault = new LayerFault(kind, 'It cannot be.');
  const response = await fetch(`${url}/v1/upstreams/made/rollback`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"version":1}',
  });
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([status, code]);
});
