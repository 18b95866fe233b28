import { describe, expect, it } from 'vitest';
import { Cancellation } from '../lib/cancellation.js';
import type { Call } from '../model/call.js';
import { answering, attempt, keyOf, parking, said, yes } from './parked-fixture.js';

describe('a parked call', () => {
  it('speaks to the request that waits', async () => {
    const heard: string[] = [];
    const house = parking(async (ask, call) => {
      call.onProgress?.('1');
      call.onNotification?.('notifications/message', 'm1');
      await ask('elicitation/create');
      call.onProgress?.('2');
      call.onNotification?.('notifications/message', 'm2');
      return 'done';
    });
    const hearing = (who: string): Partial<Call> => ({
      onProgress: (params) => heard.push(`${who} ${params}`),
      onNotification: (_method, params) => heard.push(`${who} ${params}`),
    });
    const seen = await house.run(attempt({}, hearing('first')));
    const retry = attempt(
      { requestState: seen.state, inputResponses: { [keyOf(seen)]: yes } },
      hearing('second'),
    );
    await house.run(retry);
    expect(heard).toEqual(['first 1', 'first m1', 'second 2', 'second m2']);
  });

  it('ends when its client disconnects while it waits, and only then', async () => {
    const answers: string[] = [];
    const house = parking(async (ask, call) => {
      answers.push(said(await ask('elicitation/create')));
      answers.push(said(await ask('sampling/createMessage')), `aborted ${call.signal.aborted}`);
      return 'ended';
    });
    const first = attempt();
    const seen = await house.run(first);
    first.cancellation.abort();
    expect(house.governed[0]?.signal.aborted).toBe(false);
    const retry = answering(seen, { [keyOf(seen)]: yes });
    const waiting = house.run(retry);
    retry.cancellation.abort();
    await waiting;
    expect(answers).toEqual([JSON.stringify(yes), 'error 409', 'aborted true']);
    expect(house.parked.size).toBe(0);
  });

  it('that nobody comes back for is cancelled, and so are its questions', async () => {
    const answers: string[] = [];
    const house = parking(async (ask, call) => {
      const asked = await Promise.all([
        ask('elicitation/create'),
        ask('sampling/createMessage'),
        ask('roots/list'),
      ]);
      answers.push(...asked.map(said), `aborted ${call.signal.aborted}`);
      return 'ended';
    });
    await house.run(attempt());
    house.clock.turn(599_999);
    expect(house.parked.size).toBe(1);
    house.clock.turn(1);
    expect(house.parked.size).toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(answers).toEqual(['{"action":"cancel"}', 'error 408', 'error 408', 'aborted true']);
  });

  it('is not kept by a client that comes back again and again without an answer', async () => {
    const house = parking(async (ask) => said(await ask('elicitation/create')));
    const first = await house.run(attempt());
    house.clock.turn(500_000);
    const second = await house.run(answering(first, {}));
    expect(second.keys).toEqual(first.keys);
    house.clock.turn(99_999);
    expect(house.parked.size).toBe(1);
    house.clock.turn(1);
    expect(house.parked.size).toBe(0);
  });

  it('has its time anew for what is asked after an answer', async () => {
    const house = parking(async (ask) => {
      await ask('elicitation/create');
      return said(await ask('elicitation/create'));
    });
    const first = await house.run(attempt());
    house.clock.turn(500_000);
    const second = await house.run(answering(first, { [keyOf(first)]: yes }));
    house.clock.turn(500_000);
    expect((await house.run(answering(second, { [keyOf(second)]: yes }))).kind).toBe('completed');
  });

  it('that ends while nobody waits keeps its outcome for the retry', async () => {
    const withdrawal = new Cancellation();
    const house = parking(async (ask) => said(await ask('elicitation/create', {}, { signal: withdrawal })));
    const seen = await house.run(attempt());
    withdrawal.abort();
    await new Promise((resolve) => setImmediate(resolve));
    const done = await house.run(answering(seen, { [keyOf(seen)]: yes }));
    expect(done.text).toBe('{"action":"cancel"}');
    expect(house.parked.size).toBe(0);
  });

  it('takes no answer beforehand to a question whose key nobody could know', async () => {
    const house = parking(async (ask) => said(await ask('elicitation/create')));
    expect((await house.run(attempt({ inputResponses: { '': yes } }))).kind).toBe('input_required');
  });

  it('is asked nothing that the request at hand does not declare', async () => {
    const house = parking(async (ask) => {
      await ask('elicitation/create');
      const answers = await Promise.all([
        ask('elicitation/create'),
        ask('elicitation/create', { mode: 'url', url: 'https://example.org/' }),
        ask('sampling/createMessage'),
      ]);
      return answers.map(said).join();
    });
    const seen = await house.run(attempt());
    const retry = attempt(
      { requestState: seen.state, inputResponses: { [keyOf(seen)]: yes } },
      {},
      { roots: {} },
    );
    expect((await house.run(retry)).text).toBe('error -32601,error -32601,error -32601');
  });

  it('is not for clients that declare nothing', async () => {
    const house = parking(async (_ask, call) => String(call.ask));
    expect((await house.run(attempt({}, {}, { experimental: {} }))).text).toBe('undefined');
    expect((await house.run(attempt({ inputResponses: { a: yes } }, {}, {}))).text).toBe('undefined');
  });
});
