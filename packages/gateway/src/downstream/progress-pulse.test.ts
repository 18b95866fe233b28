import { expect, test } from 'vitest';
import { callOf } from './event-client-fixture.js';
import { type RequestMessage, readMessage } from './message.js';
import { ProgressPulse } from './progress-pulse.js';

const requestWith = (params: object) =>
  readMessage(Buffer.from(String(callOf(1, {}, params).body))) as RequestMessage;

/** What is sent in so many times ten silent seconds. */
function pulsesIn(pulse: ProgressPulse, beats: number): { progress: number; message: string }[] {
  return Array.from({ length: beats }, () => pulse.beat()).flatMap((sent) =>
    sent === undefined ? [] : JSON.parse(sent).params,
  );
}

const reported = (progress: number) =>
  `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"t","progress":${progress}}}`;

test('who asked for progress hears of a silent call every half minute, under its own token', () => {
  const pulses = pulsesIn(new ProgressPulse(requestWith({ _meta: { progressToken: 't' } })), 6);
  expect(pulses).toMatchObject([
    {
      progressToken: 't',
      message: 'Nothing was heard of this call for 30 seconds; the gateway waits for it',
    },
    {
      progressToken: 't',
      message: 'Nothing was heard of this call for 60 seconds; the gateway waits for it',
    },
  ]);
});

test('a token comes back as it was written', () => {
  const body = String(callOf(1, {}, { _meta: { progressToken: 7 } }).body).replace(
    ':7',
    ':12345678901234567890',
  );
  const pulse = new ProgressPulse(readMessage(Buffer.from(body)) as RequestMessage);
  for (let beat = 0; beat < 2; beat++) pulse.beat();
  expect(pulse.beat()).toContain('"progressToken":12345678901234567890,');
});

test.each([0, 3, 1e12])('progress grows, also from %d on', (last) => {
  const pulse = new ProgressPulse(requestWith({ _meta: { progressToken: 't' } }));
  pulse.heard(reported(last));
  pulse.heard('{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info"}}');
  const values = [last, ...pulsesIn(pulse, 9).map(({ progress }) => progress)];
  expect(values).toHaveLength(4);
  expect(values.every((value, at) => at === 0 || value > (values[at - 1] ?? 0))).toBe(true);
  expect(values[3]).toBeLessThan(last + 1 + last * 1e-9);
});

test('a call that reports progress itself is left alone', () => {
  const pulse = new ProgressPulse(requestWith({ _meta: { progressToken: 't' } }));
  for (let step = 1; step < 5; step++) {
    expect(pulsesIn(pulse, 2)).toEqual([]);
    pulse.heard(reported(step));
  }
});

test('who did not ask for progress gets none', () => {
  for (const params of [{}, { _meta: {} }]) {
    expect(pulsesIn(new ProgressPulse(requestWith(params)), 9)).toEqual([]);
  }
});
