import { beforeEach, expect, it } from 'vitest';
import type { JsonObject } from '../../model/json.js';
import type { Principal } from '../../model/principal.js';
import type { SignIn } from '../../model/sign-in.js';
import { type SignedIn, SignInDesk, SignInUnrecorded } from './sign-in-desk.js';

const ann: Principal = { id: 'ann', credential: 'key:k', tenant: 'default', roles: ['approver'], labels: {} };
let now: number;
let rows: Map<string, SignIn>;
let records: [string, JsonObject][];
let good: boolean;
let mark: string | undefined;
let recording: boolean;

beforeEach(() => {
  now = 1_000_000;
  rows = new Map();
  records = [];
  good = true;
  mark = undefined;
  recording = true;
});

function desk(): SignInDesk {
  return new SignInDesk({
    clock: { now: () => now, after: () => () => undefined },
    table: {
      list: () => [...rows.values()],
      takeProof: (id, hold) => rows.get(id)?.proof?.hold === hold,
      add: (one) => void rows.set(one.id, one),
      find: (id) => rows.get(id),
      remove: (id) => rows.delete(id),
      removeOf: (_, name) =>
        [...rows].filter(([id, { principal }]) => principal.id === name && rows.delete(id)).map(([id]) => id),
    },
    record: async (type, members) => {
      if (!recording) throw new Error('no room');
      records.push([type, members]);
    },
    tokenMark: () => mark,
    callerNow: (caller) => (good ? { ...ann, ...caller } : undefined),
  });
}

it('ends when its time is over, however much somebody does', async () => {
  const person = { id: 'ann', tenant: 'default', roles: ['approver' as const], labels: {} };
  const { id } = await desk().withProvider({ person, issuer: 'https://idp.example', terms: 't', minutes: 5 });
  now += 299_999;
  expect(desk().find(id)).toMatchObject({ id, until: 1_300_000 });
  now += 1;
  expect(desk().find(id)).toBeUndefined();
});

it('ends with the key that it began with', async () => {
  const { id } = await desk().withCredential(ann);
  expect(desk().find(id)?.principal).toEqual(ann);
  good = false;
  expect(desk().find(id)).toBeUndefined();
});

it('ends with the value of the token that it began with, whatever is at its place now', async () => {
  mark = 'old';
  const { id } = await desk().withCredential({ ...ann, credential: 'token:ann' });
  expect(desk().find(id)?.principal.id).toBe('ann');
  mark = 'new';
  expect(desk().find(id)).toBeUndefined();
  mark = undefined;
  expect(desk().find(id)).toBeUndefined();
});

it('does not begin when it cannot be put on record', async () => {
  recording = false;
  await expect(desk().withCredential(ann)).rejects.toThrow(SignInUnrecorded);
  expect(rows.size).toBe(0);
});

it('ends all the same when that cannot be put on record', async () => {
  const { id } = await desk().withCredential(ann);
  await desk().withCredential(ann);
  const found = desk().find(id) as SignedIn;
  recording = false;
  await expect(desk().end(found, {})).rejects.toThrow('may not be on record');
  expect(desk().find(id)).toBeUndefined();
  await expect(desk().revoke(ann, {})).rejects.toThrow(SignInUnrecorded);
  expect(rows.size).toBe(0);
});

it('is on record once when it ends twice, and of each when all of a person end', async () => {
  const { id } = await desk().withCredential(ann);
  const found = desk().find(id) as SignedIn;
  await desk().end(found, { by: 'ann' });
  await desk().end(found, { by: 'ann' });
  await desk().withCredential(ann);
  expect(await desk().revoke(ann, { by: 'root' })).toBe(1);
  expect(records.map(([type, { by }]) => [type, by])).toEqual([
    ['person.signed_in', undefined],
    ['person.signed_out', 'ann'],
    ['person.signed_in', undefined],
    ['person.signed_out', 'root'],
  ]);
});

it('shows for five minutes what somebody has signed in once more for', async () => {
  const person = { id: 'ann', tenant: 'default', roles: ['approver' as const], labels: {} };
  const again = { person, issuer: 'https://idp.example', terms: 't', minutes: 60, hold: 'hold_1' };
  const { id } = await desk().withProvider(again);
  expect(records).toMatchObject([['person.signed_in', { hold: 'hold_1', cred: `person:${id}` }]]);
  now += 299_999;
  expect(desk().find(id)?.provenFor).toBe('hold_1');
  now += 1;
  expect(desk().find(id)).toMatchObject({ id });
  expect(desk().find(id)?.provenFor).toBeUndefined();
});

it('is not listed when its key is not good any more', async () => {
  await desk().withCredential(ann);
  const filter = { tenant: 'default', limit: 1 };
  expect(desk().list(filter)).toMatchObject({ all: [{ principal: ann }], next: expect.any(String) });
  good = false;
  expect(desk().list(filter).all).toEqual([]);
});
