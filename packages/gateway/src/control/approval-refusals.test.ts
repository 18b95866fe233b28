import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AnswerProblem } from '../approvals/answer.js';
import type { Hold } from '../model/hold.js';
import { createControlFace } from './control-face.js';
import { faceOptions } from './face-fixture.js';

let problem: AnswerProblem;
const hold = { id: 'hold_1', tenant: 'default', state: 'denied', caller: 'p', args: '{}' } as Hold;

/** A desk that refuses as the test wants: what it takes a fault, or somebody's own call, to be refused. */
const server = createServer(
  createControlFace(
    faceOptions({
      approvals: {
        ...faceOptions().approvals,
        find: (id) => (id === hold.id ? hold : undefined),
        answer: async () => ({ kind: 'refused', problem, message: 'No.' }),
      },
      checkAdminToken: async () => 'right',
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

async function codeOf(path: string, method = 'POST'): Promise<unknown[]> {
  const response = await fetch(`${url}${path}`, { method });
  return [response.status, ((await response.json()) as { code?: unknown }).code];
}

it.each([
  ['unrecorded', 503],
  ['forbidden', 403],
  ['decided', 409],
  ['expired', 409],
  ['changed', 409],
  ['voted', 409],
  ['note_missing', 400],
  ['unknown', 404],
] as const)('an answer that the desk refuses as %s is told as %i', async (code, status) => {
  problem = code;
  expect(await codeOf('/v1/approvals/hold_1/approve')).toEqual([status, code]);
  expect(await codeOf('/v1/approvals/hold_1/deny')).toEqual([status, code]);
});

it('who answers by the admin token hears of three reasons only', async () => {
  for (const [code, told] of [
    ['unrecorded', [503, 'unrecorded']],
    ['forbidden', [403, 'forbidden']],
    ['decided', [404, 'unknown']],
  ] as const) {
    problem = code;
    for (const word of ['approve', 'reject'])
      expect(await codeOf(`/admin/holds/hold_1/${word}`)).toEqual(told);
  }
});

it('a hold without a result, or no hold, is told as such', async () => {
  expect(await codeOf('/v1/approvals/hold_1/result', 'GET')).toEqual([409, 'no_result']);
  expect(await codeOf('/v1/approvals/hold_2/view', 'GET')).toEqual([404, 'unknown']);
  expect(await codeOf('/v1/approvals/hold_1/cancel')).toEqual([409, 'decided']);
});

it('more streams of changes than there is room for are refused', async () => {
  const open = await Promise.all(Array.from({ length: 64 }, () => fetch(`${url}/v1/approvals/stream`)));
  expect(open.map(({ status }) => status)).toEqual(open.map(() => 200));
  expect(await codeOf('/v1/approvals/stream', 'GET')).toEqual([503, 'full']);
  for (const { body } of open) await body?.cancel();
});
