import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AuthenticationFailure } from '../../identity/authentication-failure.js';
import { createControlFace } from '../control-face.js';
import { faceOptions } from '../face-fixture.js';

let begun = 0;
let asked = 0;
const refused: string[] = [];
const party = {
  begin: async () => ({
    url: 'https://idp.example/authorize',
    errand: { state: `s${++begun}`, nonce: 'n', verifier: 'v' },
  }),
  finish: async () => {
    asked += 1;
    throw new AuthenticationFailure('unknown');
  },
};
const server = createServer(
  createControlFace(
    faceOptions({
      provider: () => ({ party, issuer: 'https://idp.example', terms: 't', minutes: 60 }),
      signInRefused: ({ reason }) => void refused.push(reason),
    }),
  ),
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

async function underway(): Promise<string> {
  const response = await fetch(`${url}/sign-in`, { redirect: 'manual' });
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

const comeBack = (cookie: string) =>
  fetch(`${url}/sign-in/callback?code=c&state=s`, { headers: { cookie }, redirect: 'manual' });

it('a way to the provider and back is good once, whoever kept its cookie', async () => {
  const cookie = await underway();
  expect([(await comeBack(cookie)).status, (await comeBack(cookie)).status]).toEqual([403, 400]);
  expect([asked, refused]).toEqual([1, ['unknown', 'unknown']]);
});

it('whoever comes back too often with codes that are none has the provider asked no more, and keeps the errand', async () => {
  for (let time = 0; time < 30; time += 1) await comeBack(await underway());
  const [before, response] = [asked, await comeBack(await underway())];
  expect([response.status, response.headers.get('retry-after'), asked]).toEqual([429, '1', before]);
  expect(response.headers.getSetCookie()).toEqual([]);
  expect([before, refused.at(-1)]).toEqual([31, 'throttled']);
});
