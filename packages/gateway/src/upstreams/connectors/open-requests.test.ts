import { expect, it } from 'vitest';
import { systemClock } from '../../lib/clock.js';
import { OpenRequests } from './open-requests.js';
import { PendingRequest } from './pending-request.js';

function house() {
  const open = new OpenRequests<PendingRequest>();
  const host = {
    clock: systemClock,
    onRequestEnd: (ended: PendingRequest) => open.remove(ended),
    roundsOf: () => undefined,
  };
  const begin = (timeoutMs = 1000) => {
    const pending = new PendingRequest(host, { method: 'x', members: '', timeoutMs });
    open.add(pending);
    return pending;
  };
  return { open, begin };
}

const answer = { kind: 'result', result: { text: '{}', value: {} } } as const;

it('finds each open request by its number, in whatever order the others end', () => {
  const { open, begin } = house();
  const all = Array.from({ length: 10 }, () => begin());
  for (const at of [3, 9, 0, 5]) all[at]?.answer(answer);
  const found = all.map(({ id }) => open.find(id)?.id);
  expect(found).toEqual([undefined, 2, 3, undefined, 5, undefined, 7, 8, 9, undefined]);
});

it('gives no number twice', () => {
  const { open, begin } = house();
  const first = begin();
  first.answer(answer);
  expect(begin().id).toBe(2);
  expect(open.nextId()).toBe(3);
  expect(begin().id).toBe(4);
});

it('fails every open request, once', async () => {
  const { open, begin } = house();
  const replies = [begin(), begin(), begin()].map((one) => one.reply);
  open.failAll('gone');
  open.failAll('gone again');
  for (const reply of replies) await expect(reply).rejects.toThrow('gone');
  await open.idle();
});

it('is idle when only requests without a deadline are open', async () => {
  const { open, begin } = house();
  begin(0);
  await open.idle();
  const last = begin();
  const idle = open.idle();
  last.answer(answer);
  await idle;
});
