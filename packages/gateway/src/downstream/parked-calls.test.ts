import { describe, expect, it } from 'vitest';
import { agentA } from './face-fixture.js';
import {
  answering,
  asksOnce,
  attempt,
  faultOf,
  keyOf,
  parking,
  said,
  type Work,
  yes,
} from './parked-fixture.js';

describe('ParkedCalls', () => {
  it('asks the client in the answer to its request, and goes on with the same call when it comes back', async () => {
    const house = parking(asksOnce);
    const asked = await house.run(attempt());
    expect(asked.kind).toBe('input_required');
    expect(asked.requests[keyOf(asked)]).toEqual({
      method: 'elicitation/create',
      params: { mode: 'form', message: 'Sure?' },
    });
    const done = await house.run(answering(asked, { [keyOf(asked)]: yes }));
    expect(done.text).toBe(JSON.stringify(yes));
    expect(house.governed).toHaveLength(1);
    expect(house.parked.size).toBe(0);
  });

  it('asks as many rounds as it takes, with another state each time', async () => {
    const house = parking(async (ask) => {
      const answers: string[] = [];
      for (const message of ['one', 'two', 'three'])
        answers.push(said(await ask('elicitation/create', { message })));
      return answers.join();
    });
    let seen = await house.run(attempt());
    const states = new Set<string>();
    for (const content of ['one', 'two', 'three']) {
      states.add(seen.state);
      seen = await house.run(answering(seen, { [keyOf(seen)]: { action: 'accept', content: { content } } }));
    }
    expect(states.size).toBe(3);
    expect(seen.text?.match(/one|two|three/g)).toEqual(['one', 'two', 'three']);
  });

  it('puts what is asked together into one answer', async () => {
    const house = parking(async (ask) => {
      const answers = await Promise.all([
        ask('elicitation/create', { message: 'name?' }),
        ask('sampling/createMessage', { messages: [], maxTokens: 1 }),
        ask('roots/list'),
      ]);
      return answers.map(said).join();
    });
    const seen = await house.run(attempt());
    expect(Object.values(seen.requests).map(({ method }) => method)).toEqual([
      'elicitation/create',
      'sampling/createMessage',
      'roots/list',
    ]);
    const [name = '', sample = '', roots = ''] = seen.keys;
    const sampled = { role: 'assistant', content: { type: 'text', text: 'hi' }, model: 'm' };
    const done = await house.run(answering(seen, { [name]: yes, [sample]: sampled, [roots]: { roots: [] } }));
    expect(done.text).toBe([yes, sampled, { roots: [] }].map((answer) => JSON.stringify(answer)).join());
  });

  it('shows each question under the key of the upstream, or one that says nothing', async () => {
    const house = parking(async (ask) => {
      const answers = await Promise.all([
        ask('elicitation/create', { message: 'a' }, { key: 'user_name' }),
        ask('elicitation/create', { message: 'b' }, { key: 'user_name' }),
        ask('elicitation/create', { message: 'c' }),
      ]);
      return answers.map(said).join();
    });
    const { keys } = await house.run(attempt());
    expect(keys[0]).toBe('user_name');
    expect(new Set(keys).size).toBe(3);
    expect(keys[2]).toMatch(/^[\w-]{16}$/);
  });

  it('leaves out of a question what belongs to the hop of the upstream', async () => {
    const house = parking(async (ask) =>
      said(
        await ask('elicitation/create', {
          mode: 'url',
          url: 'https://example.org/pay',
          message: 'Pay',
          elicitationId: 'e1',
          task: { ttl: 1 },
          _meta: { progressToken: 7, 'com.example/x': 1 },
        }),
      ),
    );
    const seen = await house.run(attempt({}, {}, { elicitation: { url: {} } }));
    expect(seen.requests[keyOf(seen)]?.params).toEqual({
      mode: 'url',
      url: 'https://example.org/pay',
      message: 'Pay',
      _meta: { 'com.example/x': 1 },
    });
  });

  it('relays answers as they came', async () => {
    const house = parking(asksOnce);
    const seen = await house.run(attempt());
    const text = '{"action" : "accept","content":{"id":900719925474099123,"x":1.0}}';
    const retry = answering(seen, {});
    const raw = retry.request.document.text.replace(
      '"inputResponses":{}',
      `"inputResponses":{"${keyOf(seen)}":${text}}`,
    );
    const { readMessage } = await import('./message.js');
    const request = readMessage(Buffer.from(raw)) as typeof retry.request;
    expect((await house.run({ ...retry, request })).text).toBe(text);
  });

  it('never gives a caller the question of another', async () => {
    const house = parking(async (ask, call) =>
      said(await ask('elicitation/create', { message: call.principal.id })),
    );
    const mine = await house.run(attempt());
    const theirs = await house.run(attempt({}, { principal: { ...agentA, id: 'agent-b' } }));
    expect(mine.requests[keyOf(mine)]?.params.message).toBe('agent-a');
    expect(theirs.requests[keyOf(theirs)]?.params.message).toBe('agent-b');
    const fault = await faultOf(house.run(answering(theirs, { [keyOf(theirs)]: yes })));
    expect(fault.reason).toBe('state_foreign_caller');
    const done = await house.run(answering(mine, { [keyOf(mine)]: yes, [keyOf(theirs)]: yes }));
    expect(done.kind).toBe('completed');
    expect(house.parked.size).toBe(1);
  });

  it('gives two calls of one caller their own answers, whichever comes first', async () => {
    const house = parking(
      async (ask, call) => `${call.args?.text}: ${said(await ask('elicitation/create'))}`,
    );
    const [one, two] = [{ arguments: { n: 1 } }, { arguments: { n: 2 } }];
    const first = await house.run(attempt(one));
    const second = await house.run(attempt(two));
    const answer = (n: number) => ({ action: 'accept', content: { n } });
    const late = await house.run(answering(second, { [keyOf(second)]: answer(2) }, two));
    const early = await house.run(answering(first, { [keyOf(first)]: answer(1) }, one));
    expect(late.text).toBe(`{"n":2}: ${JSON.stringify(answer(2))}`);
    expect(early.text).toBe(`{"n":1}: ${JSON.stringify(answer(1))}`);
  });
});

describe('the place for parked calls', () => {
  const asks: Work = async (ask) =>
    said(await ask('sampling/createMessage', { messages: ['x'.repeat(100)] }));

  it('is limited for each principal', async () => {
    const house = parking(asks, { perPrincipal: 2 });
    const first = await house.run(attempt());
    await house.run(attempt());
    expect((await house.run(attempt())).text).toBe('error 429');
    const other = attempt({}, { principal: { ...agentA, id: 'agent-b' } });
    expect((await house.run(other)).kind).toBe('input_required');
    await house.run(answering(first, { [keyOf(first)]: { role: 'user', content: {} } }));
    expect((await house.run(attempt())).kind).toBe('input_required');
  });

  it('is limited in all, in number and in size', async () => {
    const few = parking(asks, { total: 1 });
    await few.run(attempt());
    expect((await few.run(attempt({}, { principal: { ...agentA, id: 'b' } }))).text).toBe('error 429');
    const small = parking(asks, { units: 400, perPrincipal: 2 });
    const seen = await small.run(attempt());
    for (let time = 0; time < 3; time++) expect((await small.run(attempt())).text).toBe('error 429');
    await small.run(answering(seen, { [keyOf(seen)]: { role: 'user', content: {} } }));
    expect((await small.run(attempt())).kind).toBe('input_required');
  });

  it('is none that one principal can take from the others', async () => {
    const house = parking(asks, { units: 1000, unitsPerPrincipal: 400 });
    expect((await house.run(attempt())).kind).toBe('input_required');
    expect((await house.run(attempt())).text).toBe('error 429');
    const other = attempt({}, { principal: { ...agentA, id: 'agent-b' } });
    expect((await house.run(other)).kind).toBe('input_required');
  });

  it('counts all of the request, for all of it is kept', async () => {
    const house = parking(asks, { units: 10_000 });
    const padded = attempt({ inputResponses: { nobodyAsked: { padding: 'x'.repeat(10_000) } } });
    expect((await house.run(padded)).text).toBe('error 429');
  });

  it('counts what is asked while nobody waits', async () => {
    const late: string[] = [];
    const house = parking(
      async (ask) => {
        const first = ask('elicitation/create');
        await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
        const messages = ['x'.repeat(1000)];
        const asked = [1, 2, 3].map(() => ask('sampling/createMessage', { messages }));
        late.push(...(await Promise.all(asked.slice(1))).map(said));
        return said(await first);
      },
      { units: 2000 },
    );
    const seen = await house.run(attempt());
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    await new Promise((resolve) => setImmediate(resolve));
    expect(late).toEqual(['error 429', 'error 429']);
    const again = await house.run(answering(seen, { [keyOf(seen)]: yes }));
    expect(again.kind).toBe('completed');
  });

  it('is closed when the gateway stops', async () => {
    const house = parking(asks);
    await house.run(attempt());
    house.parked.stop();
    expect(house.parked.size).toBe(0);
    expect(house.governed[0]?.signal.aborted).toBe(true);
    expect((await house.run(attempt())).text).toBe('error 410');
  });
});
