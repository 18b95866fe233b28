import { expect, test } from 'vitest';
import { EventLog, type SessionShare } from './event-log.js';
import { EventStore } from './event-store.js';
import { TurnedClock } from './face-fixture.js';

function setUp(limits: ConstructorParameters<typeof EventStore>[1] = {}) {
  const clock = new TurnedClock();
  const store = new EventStore(clock, limits);
  return {
    clock,
    store,
    newLog: (share: SessionShare = { size: 0, owner: 'a' }) => new EventLog(store, share),
  };
}

const message = 'x'.repeat(1000);
const numbersIn = (log: EventLog) => log.after(0).map(({ number }) => number);

test('the oldest streams forget first when all together are too much', () => {
  const { store, newLog } = setUp({ sizeInAll: 5000 });
  const [first, second, third] = [newLog(), newLog(), newLog()];
  for (const log of [first, second, third]) for (let count = 0; count < 2; count++) log.add(message, false);
  expect([first, second, third].map(numbersIn)).toEqual([[], [1, 2], [1, 2]]);
  expect(store.size).toBe(first.size + second.size + third.size);
  expect(store.size).toBeLessThanOrEqual(5000);
});

test('whoever keeps most forgets first, so that nobody has what is theirs taken by another', () => {
  const { store, newLog } = setUp({ sizeInAll: 5000 });
  const mine = newLog({ size: 0, owner: 'a' });
  mine.add(message, false);
  const theirs = Array.from({ length: 20 }, () => newLog({ size: 0, owner: 'b' }));
  for (const log of theirs) log.add(message, false);
  expect(numbersIn(mine)).toEqual([1]);
  expect(theirs.map((log) => numbersIn(log).length).indexOf(1)).toBeGreaterThan(10);
  expect(store.size).toBeLessThanOrEqual(5000);
});

test('what one session keeps is bounded over all of its streams', () => {
  const { newLog } = setUp({ sizePerSession: 3500 });
  const share = { size: 0, owner: 'a' };
  const [one, other] = [newLog(share), newLog(share)];
  for (let count = 0; count < 2; count++) one.add(message, false);
  for (let count = 0; count < 3; count++) other.add(message, false);
  expect([numbersIn(one), numbersIn(other)]).toEqual([[1, 2], [3]]);
  expect(share.size).toBe(one.size + other.size);
});

test('streams of the session that are over forget before one that goes on', () => {
  const { newLog } = setUp({ sizePerSession: 3500 });
  const ended: EventLog[] = [];
  const share = {
    size: 0,
    owner: 'a',
    forgetEnded: () => {
      const oldest = ended.shift();
      oldest?.forgetAll();
      return oldest !== undefined;
    },
  };
  const [one, other, current] = [newLog(share), newLog(share), newLog(share)];
  ended.push(one, other);
  for (const log of [one, other, current, current]) log.add(message, false);
  expect([one, other, current].map(numbersIn)).toEqual([[], [1], [1, 2]]);
  for (let count = 0; count < 3; count++) current.add(message, true);
  expect([one, other, current].map(numbersIn)).toEqual([[], [1], [1, 2]]);
});

test('many small events count too', () => {
  const { store, newLog } = setUp({ sizePerSession: 10_000, eventsPerStream: 1_000_000 });
  const log = newLog();
  for (let count = 0; count < 10_000; count++) log.add('{}', true);
  expect(numbersIn(log).length).toBeLessThan(100);
  expect(store.size).toBeLessThanOrEqual(10_000);
});

test('what is old is forgotten, and nothing ticks any more once all is', () => {
  const { clock, store, newLog } = setUp({ keptMs: 60_000 });
  const log = newLog();
  log.add(message, false);
  clock.turn(61_000);
  log.add(message, false);
  clock.turn(60_000);
  expect(numbersIn(log)).toEqual([2]);
  clock.turn(120_000);
  expect([numbersIn(log), store.size, log.hasLast]).toEqual([[], 0, false]);
  expect(log.add(message, false)).toBe(log.idOf(3));
});

test('notifications are forgotten before anything else, and ids go on', () => {
  const { newLog } = setUp({ eventsPerStream: 3 });
  const log = newLog();
  log.add('question', false);
  for (let count = 0; count < 5; count++) log.add('progress', true);
  log.add('answer', false);
  log.add('last', false);
  expect(log.after(0).map(({ message: kept }) => kept)).toEqual(['question', 'answer', 'last']);
  expect([log.lastNumber, log.hasLast]).toEqual([8, true]);
});

test('no two streams have the same ids', () => {
  const { newLog } = setUp();
  const ids = Array.from({ length: 100 }, () => newLog().add('{}', true));
  expect(new Set(ids).size).toBe(100);
});
