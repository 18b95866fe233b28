import { expect, it } from 'vitest';
import { ManualClock } from '../../../../test/fixtures/upstreams/manual-clock.js';
import { StartLimit } from './start-limit.js';

it('lets servers that live be started as often as they are needed', () => {
  const limit = new StartLimit(new ManualClock());
  for (let start = 0; start < 100; start++) {
    expect(limit.untilOpenMs()).toBe(0);
    limit.noteStart();
  }
});

it('counts the starts of those that seemed to live as soon as one of them fails', async () => {
  const clock = new ManualClock();
  const limit = new StartLimit(clock);
  for (let start = 0; start < 6; start++) limit.noteStart();
  await clock.advance(4000);
  limit.noteFailure();
  expect(limit.untilOpenMs()).toBe(7001);
  await clock.advance(7001);
  expect(limit.untilOpenMs()).toBe(0);
});
