import { expect, test } from 'vitest';
import { Cancellation } from '../lib/cancellation.js';
import { InFlight } from './in-flight.js';

test('cancels nobody when two requests of a scope have the same id, until one is left', () => {
  const inFlight = new InFlight();
  const [first, second] = [new Cancellation(), new Cancellation()];
  const release = inFlight.add('a', 'n1', first);
  inFlight.add('a', 'n1', second);
  inFlight.cancel('a', 'n1');
  expect([first.aborted, second.aborted]).toEqual([false, false]);
  release();
  inFlight.cancel('a', 'n1');
  expect([first.aborted, second.aborted]).toEqual([false, true]);
});
