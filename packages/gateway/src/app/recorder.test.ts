import { expect, test } from 'vitest';
import type { Trail } from '../audit/trail.js';
import type { Clock } from '../lib/clock.js';
import type { JsonObject } from '../model/json.js';
import { createRecorder } from './recorder.js';

function setUp() {
  const notes: JsonObject[] = [];
  const timers: (() => void)[] = [];
  const clock: Clock = {
    now: () => 0,
    after: (_ms, run) => {
      timers.push(run);
      return () => undefined;
    },
  };
  const trail = { note: (type: string, members: JsonObject) => notes.push({ type, ...members }) };
  const recorder = createRecorder(trail as unknown as Trail, clock);
  const endWindow = () => {
    for (const run of timers.splice(0)) run();
  };
  return { notes, recorder, endWindow };
}

test('a flood of failures from one source leaves the first ten and one exact count', () => {
  const { notes, recorder, endWindow } = setUp();
  for (let time = 0; time < 1000; time++) recorder.authFailed({ source: '10.0.0.1', reason: 'unknown' });
  expect(notes).toHaveLength(10);
  endWindow();
  expect(notes.at(-1)).toEqual({
    type: 'auth.failed',
    source: '10.0.0.1',
    reason: 'unknown',
    count: 990,
    window_s: 60,
  });
  expect(notes).toHaveLength(11);
});

test('another source, another reason and the next window are recorded one by one again', () => {
  const { notes, recorder, endWindow } = setUp();
  for (let time = 0; time < 10; time++) recorder.authFailed({ source: 'a', reason: 'unknown' });
  recorder.authFailed({ source: 'b', reason: 'unknown' });
  recorder.authFailed({ source: 'a', reason: 'revoked' });
  endWindow();
  recorder.authFailed({ source: 'a', reason: 'unknown' });
  expect(notes).toHaveLength(13);
  expect(notes.every((note) => !('count' in note))).toBe(true);
});

test('sources beyond what is counted share one count instead of memory', () => {
  const { notes, recorder } = setUp();
  for (let source = 0; source < 10_100; source++) recorder.invalid({ source: `s${source}`, reason: 'x' });
  expect(notes.length).toBe(10_000 + 10);
});

test('what was counted is written when the gateway stops, and not a second time', () => {
  const { notes, recorder, endWindow } = setUp();
  for (let time = 0; time < 25; time++) recorder.authFailed({ source: 'a', reason: 'unknown' });
  recorder.end();
  expect(notes.at(-1)).toMatchObject({ count: 15 });
  endWindow();
  expect(notes).toHaveLength(11);
});
