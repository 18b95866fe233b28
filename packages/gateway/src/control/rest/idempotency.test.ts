import { expect, test } from 'vitest';
import { systemClock } from '../../lib/clock.js';
import type { KnownAttempt } from '../../model/attempt.js';
import { IdempotencyKeys, type KeyedRequest } from './idempotency.js';
import { type KeptReply, Problem, problemReply } from './problem.js';

type Caller = KeyedRequest['principal'];

const bot: Caller = { tenant: 'default', id: 'bot', credential: 'key:a' };
const attemptKey = new Uint8Array(32);
const done: KeptReply = { status: 200, headers: {}, text: 'done' };

function attempt(principal: Caller = bot, key = 'k'): KeyedRequest {
  return { key, principal, method: 'POST', target: '/v1/payments/authorize', body: '{}' };
}

function keysOver(recorded?: KnownAttempt): IdempotencyKeys {
  const find = (name: string) => (name === keys.attemptOf(attempt()).name ? recorded : undefined);
  const keys: IdempotencyKeys = new IdempotencyKeys({ clock: systemClock, attempts: { find }, attemptKey });
  return keys;
}

function after(first: KeyedRequest, reply = done): IdempotencyKeys {
  const keys = keysOver();
  keys.begin(first);
  keys.finish(first, reply);
  return keys;
}

function inSession(id: string): Caller {
  const session = { id, root: id, agent: 'bot', scopes: [], labels: {}, budgets: [] };
  return { ...bot, session };
}

test('an answer is given again to its caller, and to nobody else', () => {
  const keys = after(attempt());
  expect(keys.begin(attempt())).toEqual(done);
  expect(keys.begin(attempt({ ...bot, credential: 'key:b' }))).toBeUndefined();
  expect(keys.begin(attempt({ ...bot, tenant: 'other' }))).toBeUndefined();
});

test('what was asked in one session is not answered in another, nor without one', () => {
  const keys = after(attempt(inSession('one')));
  expect(keys.begin(attempt(inSession('one')))).toEqual(done);
  for (const principal of [inSession('two'), bot])
    expect(() => keys.begin(attempt(principal))).toThrow('was used for another request');
});

test('a caller with a new access token gets the answer that it had with the last one', () => {
  const keys = after(attempt({ ...bot, credential: 'jwt:one' }));
  expect(keys.begin(attempt({ ...bot, credential: 'jwt:two' }))).toEqual(done);
});

test('an answer that says to ask the same again is the answer to no other request', () => {
  expect(after(attempt(), { ...done, isUndone: true }).begin(attempt())).toBeUndefined();
});

test('what may have been done is not done again, whatever it says of the time to come back', () => {
  const undone = { status: 503, headers: { 'Retry-After': '5' }, text: '' };
  expect(after(attempt(), undone).begin(attempt())).toBeUndefined();
  const unknown = problemReply(
    new Problem('audit_unavailable', 'x', { members: { may_have_run: true } }),
    'r',
  );
  expect(after(attempt(), unknown).begin(attempt())).toEqual(unknown);
});

test('whoever asks much drives out its own answers, never those of others', () => {
  const keys = after(attempt());
  const loud = { ...bot, id: 'loud' };
  for (let at = 0; at < 11_000; at += 1) {
    keys.begin(attempt(loud, `k${at}`));
    keys.finish(attempt(loud, `k${at}`), done);
  }
  expect(keys.begin(attempt())).toEqual(done);
  expect(keys.begin(attempt(loud, 'k10999'))).toEqual(done);
  expect(keys.begin(attempt(loud, 'k0'))).toBeUndefined();
});

test('what is on record as done is not done again when the answer is gone, unless it provably never left', () => {
  const { digest } = keysOver().attemptOf(attempt());
  for (const end of ['executed', 'unknown', 'paid'] as const)
    expect(() => keysOver({ digest, call: 'c', end }).begin(attempt())).toThrow('It is not done again');
  expect(() => keysOver({ digest, call: 'c' }).begin(attempt())).toThrow('It is not done again');
  expect(() => keysOver({ digest: 'x', call: 'c' }).begin(attempt())).toThrow('used for another request');
  expect(keysOver({ digest, call: 'c', end: 'refused' }).begin(attempt())).toBeUndefined();
  expect(keysOver({ digest, call: 'c' }).begin(attempt(bot, 'other'))).toBeUndefined();
});

test('what is on record of a key and what was asked under it cannot be guessed without the secret of the store', () => {
  const attempts = { find: () => undefined };
  const others = new IdempotencyKeys({
    clock: systemClock,
    attempts,
    attemptKey: new Uint8Array(32).fill(1),
  });
  const [one, other] = [keysOver().attemptOf(attempt()), others.attemptOf(attempt())];
  expect([one.name === other.name, one.digest === other.digest]).toEqual([false, false]);
});
