import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../../test/fixtures/upstreams/manual-clock.js';
import { Cancellation } from '../../lib/cancellation.js';
import { parseJson } from '../../lib/json/parse-json.js';
import type { JsonObjectText } from '../../model/json.js';
import type { UpstreamReply } from '../../model/upstream.js';
import type { OutgoingRequest } from '../connection.js';
import type { Answers } from './input-answers.js';
import { TaskPolls } from './task-polls.js';

const text = (value: object) => parseJson(JSON.stringify(value)) as JsonObjectText;
const reply = (value: object): UpstreamReply => ({ kind: 'result', result: text(value) });
const handle = { resultType: 'task', taskId: 't-1', status: 'working', pollIntervalMs: 100 };
const call: OutgoingRequest = { method: 'tools/call', members: '"name":"x"', timeoutMs: 1000 };
const done = { ...handle, status: 'completed', result: { content: [] } };
const asks = (...keys: string[]) => ({
  ...handle,
  status: 'input_required',
  inputRequests: Object.fromEntries(keys.map((key) => [key, { method: 'roots/list', params: {} }])),
});

/** A server that answers `tasks/get` with these in turn, the last again and again. */
function polls(
  states: readonly (object | UpstreamReply)[],
  answer?: (clock: ManualClock) => Promise<Answers>,
  leftMs = 1000,
) {
  const clock = new ManualClock();
  const sent: string[] = [];
  const over = new Cancellation();
  let at = 0;
  const host = {
    clock,
    async send({ method, members }: OutgoingRequest): Promise<UpstreamReply> {
      sent.push(`${method} ${members}`);
      if (method !== 'tasks/get') return reply({});
      const state = states[Math.min(at++, states.length - 1)] ?? {};
      return 'kind' in state ? (state as UpstreamReply) : reply(state);
    },
    answer: () => answer?.(clock) ?? Promise.resolve({ texts: [] }),
  };
  const begin = (first: object = handle) => {
    const one = text(first);
    return new TaskPolls(host, call, { handle: one, leftMs }).run(one, over);
  };
  /** Lets time pass until the end is there. */
  async function end(first?: object): Promise<UpstreamReply> {
    let isOver = false;
    const running = begin(first).finally(() => {
      isOver = true;
    });
    running.catch(() => undefined);
    for (let turns = 0; !isOver && turns < 1000; turns += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      await clock.advance(50);
    }
    return running;
  }
  return { sent, over, end };
}

const get = 'tasks/get "taskId":"t-1"';
const cancel = 'tasks/cancel "taskId":"t-1"';

describe('a task that is awaited', () => {
  it('is asked for until it has ended, and no longer', async () => {
    const { end, sent } = polls([handle, handle, done]);
    expect(await end()).toEqual({
      kind: 'result',
      result: { text: '{"content":[]}', value: { content: [] } },
    });
    expect(sent).toEqual([get, get, get]);
  });

  it.each<[string, object, string]>([
    ['of a status that does not exist', { ...handle, status: 'lost' }, 'a status that does not exist'],
    ['that is completed without a result', { ...handle, status: 'completed' }, 'without a result'],
  ])('%s ends the call, and is cancelled', async (_what, state, message) => {
    const { end, sent } = polls([state]);
    await expect(end()).rejects.toMatchObject({
      kind: 'malformed',
      sent: true,
      message: expect.stringContaining(message),
    });
    expect(sent.at(-1)).toBe(cancel);
  });

  it.each<[string, object, object]>([
    ['failed', { error: { code: -32000, message: 'no', data: [1.5] } }, { code: -32000, message: 'no' }],
    ['failed', {}, { code: -32603 }],
    ['cancelled', {}, { code: -32603, message: expect.stringContaining('cancelled') }],
  ])('that %s is an error of the call', async (status, more, error) => {
    const { end } = polls([{ ...handle, status, ...more }]);
    expect(await end()).toMatchObject({ kind: 'error', error });
  });

  it('that its server does not know any more ends the call', async () => {
    const { end } = polls([{ kind: 'error', error: { code: -32602, message: 'Unknown task' } }]);
    await expect(end()).rejects.toMatchObject({ kind: 'unavailable', sent: true });
  });

  it('that takes longer than the call may is cancelled', async () => {
    const { end, sent } = polls([handle]);
    await expect(end()).rejects.toMatchObject({ kind: 'timeout', sent: true });
    expect(sent.at(-1)).toBe(cancel);
  });

  it('is cancelled when nobody waits for it any more', async () => {
    const { end, sent, over } = polls([handle]);
    over.abort();
    await expect(end()).rejects.toThrow();
    expect(sent).toEqual([cancel]);
  });

  it('without an id ends the call', async () => {
    await expect(async () => polls([]).end({ ...handle, taskId: 7 })).rejects.toMatchObject({
      kind: 'malformed',
    });
  });
});

describe('what a task asks', () => {
  it('is asked once, however often its server repeats it, and takes nothing from the time of the call', async () => {
    const { end, sent } = polls([asks('a'), asks('a'), done], async (clock) => {
      await clock.advance(600_000);
      return { texts: [['a', '{"roots":[]}']] };
    });
    expect(await end()).toMatchObject({ kind: 'result' });
    expect(sent).toEqual([get, 'tasks/update "taskId":"t-1","inputResponses":{"a":{"roots":[]}}', get, get]);
  });

  it('without an answer that there could be ends the call with why, and the task is cancelled', async () => {
    const error = { code: -1, message: 'rejected' };
    const { end, sent } = polls([asks('a')], async () => ({ error }));
    expect(await end()).toEqual({ kind: 'error', error });
    expect(sent).toEqual([get, cancel]);
  });

  it('on and on ends the call', async () => {
    let number = 0;
    const states = Array.from({ length: 64 }, (_, at) => asks(`k${at}`));
    const { end } = polls(
      states,
      async (clock) => {
        await clock.advance(100);
        number += 1;
        return { texts: [[`k${number - 1}`, '{}']] };
      },
      60_000,
    );
    await expect(end()).rejects.toMatchObject({ message: expect.stringContaining('more than 32 times') });
  });
});
