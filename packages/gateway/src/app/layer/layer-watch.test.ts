import { expect, test } from 'vitest';
import { ManualClock } from '../../../../../test/fixtures/upstreams/manual-clock.js';
import { watchLayer } from './layer-watch.js';

const nothing = () => {};

test('a change of another process is taken over once, and tried again until it could be', async () => {
  const clock = new ManualClock();
  const tried: number[] = [];
  const errors: unknown[] = [];
  let changes = 0;
  let isDiskFull = true;
  const end = watchLayer({
    table: { changes: () => changes },
    clock,
    log: { debug: nothing, info: nothing, warn: nothing, error: (fields) => void errors.push(fields) },
    known: () => 0,
    start: 0,
    onChange: async () => {
      tried.push(changes);
      if (isDiskFull) throw new Error('disk full');
    },
  });
  const look = () => clock.advance(1000);
  await look();
  expect(tried).toEqual([]);
  changes = 1;
  await look();
  await look();
  expect([tried, errors]).toMatchObject([
    [1, 1],
    [{ err: { message: 'disk full' } }, {}],
  ]);
  isDiskFull = false;
  await look();
  await look();
  expect(tried).toEqual([1, 1, 1]);
  end();
});
