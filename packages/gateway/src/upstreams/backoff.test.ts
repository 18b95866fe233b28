import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/fixtures/upstreams/manual-clock.js';
import { Backoff } from './backoff.js';
import { StartLimit } from './start-limit.js';

describe('back-off', () => {
  it('doubles from half a second to thirty seconds', () => {
    const backoff = new Backoff(new StartLimit(new ManualClock()), () => 1);
    const delays = Array.from({ length: 9 }, () => backoff.nextDelayMs());
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    backoff.reset();
    expect(backoff.nextDelayMs()).toBe(500);
  });

  it('never allows more than 6 starts in 10 seconds, whatever the jitter and however often it is reset', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ jitter: fc.double({ min: 0, max: 0.999, noNaN: true }), reset: fc.boolean() }), {
          maxLength: 40,
        }),
        async (steps) => {
          const clock = new ManualClock();
          let jitter = 0;
          const limit = new StartLimit(clock);
          const backoff = new Backoff(limit, () => jitter);
          const starts: number[] = [];
          for (const step of steps) {
            jitter = step.jitter;
            starts.push(clock.now());
            limit.noteStart();
            if (step.reset) backoff.reset();
            await clock.advance(backoff.nextDelayMs());
          }
          starts.forEach((start, index) => {
            const seventh = starts[index + 6];
            if (seventh !== undefined) expect(seventh - start).toBeGreaterThan(10_000);
          });
        },
      ),
    );
  });
});
