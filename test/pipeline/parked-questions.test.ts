import { afterEach, describe, expect, it } from 'vitest';
import { ParkedCalls } from '../../packages/gateway/src/downstream/parked-calls.js';
import { attempt, keyOf, read, said } from '../../packages/gateway/src/downstream/parked-fixture.js';
import { systemClock } from '../../packages/gateway/src/lib/clock.js';
import type { Call } from '../../packages/gateway/src/model/call.js';
import type { QuestionMethod } from '../../packages/gateway/src/model/client.js';
import type { UpstreamReply } from '../../packages/gateway/src/model/upstream.js';
import { createGovernCall } from '../../packages/gateway/src/pipeline/govern-call.js';
import type { OutgoingRequest } from '../../packages/gateway/src/upstreams/connection.js';
import { result, type Scene, type Stage, setStage } from './house.js';

let stage: Stage | undefined;

afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

async function start(scene: Scene) {
  const house = await setStage(scene);
  stage = house;
  const governCall = createGovernCall(house.house);
  const ends: Promise<unknown>[] = [];
  const govern = (call: Call) => {
    const end = governCall(call);
    ends.push(end);
    return end;
  };
  const serverInfo = { name: 'sallyport', version: '0' };
  const parked = new ParkedCalls({ govern, clock: systemClock, serverInfo });
  const args = { to: 'acct-7', amount: 5 };
  const run = (params: object = {}) => {
    const { call, request } = attempt(
      { arguments: args, ...params },
      { target: 'transfer', at: systemClock.now() },
    );
    return parked.run(call, request).then(read);
  };
  const types = async () => (await house.records()).map(({ record }) => record.type);
  return { house, run, parked, types, ended: () => Promise.all(ends) };
}

/** A server that asks all of these at once, and says what it heard. */
function asking(...methods: readonly QuestionMethod[]) {
  return async (request: OutgoingRequest): Promise<UpstreamReply> => {
    const signal = new AbortController().signal;
    const { ask } = request;
    if (ask === undefined) throw new Error('nobody can be asked');
    const asked = methods.map((method) => ask({ method, params: result('{"message":"?"}'), signal }));
    const heard = (await Promise.all(asked)).map(said);
    return {
      kind: 'result',
      result: result(JSON.stringify({ content: [{ type: 'text', text: heard.join() }] })),
    };
  };
}

describe('questions to a modern client', () => {
  it('that are asked at once are put in one answer, each on record before it and its answer on record before the end', async () => {
    const { types, run } = await start({
      answer: asking('elicitation/create', 'sampling/createMessage', 'roots/list'),
    });
    const seen = await run();
    expect(Object.values(seen.requests).map(({ method }) => method)).toEqual([
      'elicitation/create',
      'sampling/createMessage',
      'roots/list',
    ]);
    expect((await types()).filter((type) => type === 'call.question')).toHaveLength(3);
    const [form = '', sample = '', roots = ''] = seen.keys;
    const answers = {
      [form]: { action: 'decline' },
      [sample]: { role: 'assistant', content: { type: 'text', text: 'x' }, model: 'm' },
      [roots]: { roots: [] },
    };
    const done = await run({ requestState: seen.state, inputResponses: answers });
    expect(done.text).toBe(
      Object.values(answers)
        .map((answer) => JSON.stringify(answer))
        .join(),
    );
    expect((await types()).filter((type) => type.startsWith('call.'))).toEqual([
      'call.decided',
      ...Array.from({ length: 3 }, () => 'call.question'),
      ...Array.from({ length: 3 }, () => 'call.answer'),
      'call.outcome',
    ]);
  });

  it('of which policy forbids one are put without it', async () => {
    const { run } = await start({
      policy: {
        default: 'allow',
        rules: [{ id: 'no-sampling', match: { methods: ['sampling/createMessage'] }, effect: 'deny' }],
      },
      answer: asking('sampling/createMessage', 'elicitation/create'),
    });
    const seen = await run();
    expect(Object.values(seen.requests).map(({ method }) => method)).toEqual(['elicitation/create']);
    const done = await run({
      requestState: seen.state,
      inputResponses: { [keyOf(seen)]: { action: 'cancel' } },
    });
    expect(done.text).toBe('error -1,{"action":"cancel"}');
  });

  it('hold the place of their call until it has ended', async () => {
    const { house, run, parked } = await start({ answer: asking('elicitation/create') });
    const seen = await run();
    expect(house.house.concurrency.inProgress).toBe(1);
    await run({ requestState: seen.state, inputResponses: { [keyOf(seen)]: { action: 'accept' } } });
    expect([house.house.concurrency.inProgress, parked.size]).toEqual([0, 0]);
  });

  it('of a call that is given up end in a cancelled call on record', async () => {
    const { run, parked, ended, types } = await start({ answer: asking('elicitation/create') });
    await run();
    parked.stop();
    await ended();
    expect((await types()).slice(-3)).toEqual(['call.question', 'call.answer', 'call.outcome']);
  });
});
