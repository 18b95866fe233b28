import { afterEach, describe, expect, test } from 'vitest';
import type { Call } from '../../packages/gateway/src/model/call.js';
import type { UpstreamQuestion } from '../../packages/gateway/src/model/client.js';
import { Secret } from '../../packages/gateway/src/model/secret.js';
import { result, type Scene, type Stage, setStage } from './house.js';
import { form, type Play, page, play, ruled } from './played-questions.js';

let stage: Stage;
afterEach(() => stage.close());

async function run(played: Play, scene: Scene = {}) {
  stage = await setStage({ policy: ruled, ...played.scene, ...scene });
  return stage.call(undefined, played.call);
}

async function recorded() {
  return (await stage.records()).map(({ record, payloads }) => ({ ...record, payloads }));
}

test('a question that a rule allows by its method is put, and its answer comes back as it came', async () => {
  const played = play([['elicitation/create', form]]);
  expect(await run(played)).toMatchObject({ kind: 'completed' });
  expect(played.asked.map(({ params }) => params.value)).toEqual([form]);
  expect(played.answers).toMatchObject([
    { kind: 'result', result: { text: '{"action":"accept","content":{"pin":"0000"}}' } },
  ]);
});

test('a question keeps to the limits of the rules that name its method, and to no others', async () => {
  const limit = { kind: 'rate', id: 'few', per: ['principal'], max: 2, windowMs: 60_000 } as const;
  const limits = [{ ...limit, algorithm: 'sliding' }] as const;
  const [tool, mayAsk] = ruled.rules;
  const rules = [
    { ...tool, limits: [{ ...limits[0], id: 'calls', max: 1 }] },
    { ...mayAsk, limits },
  ];
  const played = play([1, 2, 3].map(() => ['elicitation/create', form] as const));
  await run(played, { policy: { default: 'deny', rules } });
  expect(played.asked).toHaveLength(2);
  expect(played.answers[2]).toMatchObject({ kind: 'error', error: { code: 429 } });
  const asked = (await recorded()).filter(({ type }) => type === 'call.question');
  expect(asked[2]).toMatchObject({ n: 3, code: 'limited', policy: { rule: 'may-ask' } });
});

test('a question that a budget would have to pay for is not put', async () => {
  const basics = { kind: 'budget', id: 'money', per: [], unit: 'USD', window: 'day', refundOn: [] } as const;
  const budget = { ...basics, maxMicros: 1_000_000n, cost: { kind: 'fixed', micros: 1n } } as const;
  const [tool, mayAsk] = ruled.rules;
  const played = play([['elicitation/create', form]]);
  await run(played, { policy: { default: 'deny', rules: [tool, { ...mayAsk, limits: [budget] }] } });
  expect(played.asked).toEqual([]);
  expect(played.answers).toMatchObject([{ kind: 'error', error: { code: 429 } }]);
});

test('question and answer are on record under the call, with the rule, before they go on', async () => {
  const steps: string[] = [];
  const played = play([['elicitation/create', form]]);
  const { ask } = played.call;
  const call: Partial<Call> = {
    ...played.call,
    ask: async (question) => {
      steps.push('put');
      return (await ask?.(question)) ?? { kind: 'error', error: { code: 0, message: '' } };
    },
  };
  const outcome = await run(
    { ...played, call },
    {
      commit: async (entry, write) => {
        await write(entry);
        steps.push(entry.record.type);
      },
    },
  );
  expect(steps).toEqual(['call.decided', 'call.question', 'put', 'call.answer', 'call.outcome']);
  const [, question, answer] = await recorded();
  expect(question).toMatchObject({
    type: 'call.question',
    call: outcome.callId,
    effect: 'allow',
    n: 1,
    policy: { rule: 'may-ask' },
    mcp: { method: 'elicitation/create' },
    tool: { name: 'transfer', upstream: 'pay' },
    payloads: { args: JSON.stringify(form) },
  });
  expect(answer).toMatchObject({ type: 'call.answer', call: outcome.callId, answer: 'accept', n: 1 });
});

test('what a person answers is kept only where results are', async () => {
  await run(play([['elicitation/create', form]]), {
    content: { args: 'none', result: 'none', maxBytes: 65_536 },
  });
  const texts = JSON.stringify(await recorded());
  expect(texts).toContain('"answer":"accept"');
  expect(texts).not.toContain('0000');
  expect(texts).not.toContain('Sure?');
});

describe('a question that no rule allows', () => {
  const denied = { ...ruled, rules: ruled.rules.slice(0, 1) };

  test('is not put, though the tool may be called, and is on record', async () => {
    const played = play([['elicitation/create', form]]);
    expect(await run(played, { policy: denied })).toMatchObject({ kind: 'completed' });
    expect(played.asked).toEqual([]);
    expect((await stage.records()).map(({ record }) => [record.type, record.effect, record.code])).toEqual([
      ['call.decided', 'allow', undefined],
      ['call.question', 'deny', 'denied'],
      ['call.outcome', undefined, undefined],
    ]);
  });

  test('is declined in the form that its server knows', async () => {
    const played = play([
      ['elicitation/create', form],
      ['roots/list', {}],
      ['sampling/createMessage', { messages: [], maxTokens: 1 }],
    ]);
    await run(played, { policy: denied });
    expect(played.answers).toMatchObject([
      { kind: 'result', result: { text: '{"action":"decline"}' } },
      { kind: 'result', result: { text: '{"roots":[]}' } },
      { kind: 'error', error: { code: -1, message: expect.stringContaining('sampling/createMessage') } },
    ]);
  });
});

test('a condition sees what is asked', async () => {
  const policy = {
    default: 'deny',
    rules: [
      ruled.rules[0],
      {
        id: 'plain',
        match: { methods: ['elicitation/create'] },
        when: '!args.message.contains("password")',
        effect: 'allow',
      },
    ],
  } as const;
  const played = play([
    ['elicitation/create', form],
    ['elicitation/create', { ...form, message: 'Your password?' }],
  ]);
  await run(played, { policy });
  expect(played.asked).toHaveLength(1);
});

test.each<[string, string, UpstreamQuestion['method'], object]>([
  ['an elicitation', '{"sampling":{}}', 'elicitation/create', form],
  ['a page', '{"elicitation":{}}', 'elicitation/create', page],
  ['a form, of one that opens pages only', '{"elicitation":{"url":{}}}', 'elicitation/create', form],
  ['sampling', '{"elicitation":{}}', 'sampling/createMessage', {}],
  ['sampling with tools', '{"sampling":{}}', 'sampling/createMessage', { tools: [] }],
  ['roots', '{"elicitation":{}}', 'roots/list', {}],
])(
  'a client is not asked for %s unless it declared that it can be',
  async (_what, capabilities, method, params) => {
    const played = play([[method, params]], { capabilities });
    await run(played, { policy: { default: 'allow', rules: [] } });
    expect(played.asked).toEqual([]);
    expect(played.answers).toMatchObject([{ kind: 'error', error: { code: -32601 } }]);
    expect((await recorded())[1]).toMatchObject({
      type: 'call.question',
      effect: 'deny',
      code: 'undeclared',
    });
  },
);

test('a question shows no secret of the gateway, to the client or on record', async () => {
  const played = play([['elicitation/create', { ...form, message: 'Use hunter2-hunter2 now' }]]);
  stage = await setStage({ policy: ruled, ...played.scene });
  stage.redactor.learn(new Secret('hunter2-hunter2'));
  await stage.call(undefined, played.call);
  expect(played.asked[0]?.params.value.message).toBe('Use [redacted] now');
  expect(JSON.stringify(await recorded())).not.toContain('hunter2');
});

test.each(['call.question', 'call.answer'])(
  'when a %s cannot be recorded, the upstream learns nothing',
  async (type) => {
    const played = play([['elicitation/create', form]]);
    await run(played, {
      commit: (entry, write) =>
        entry.record.type === type ? Promise.reject(new Error('disk full')) : write(entry),
    });
    expect(played.asked).toHaveLength(type === 'call.question' ? 0 : 1);
    expect(played.answers).toMatchObject([{ kind: 'error', error: { code: -32603 } }]);
  },
);

test.each([
  ['is no answer', '{"content":{}}'],
  ['is larger than any', JSON.stringify({ action: 'accept', content: { x: 'x'.repeat(4_194_304) } })],
])('what %s is an error to the upstream', async (_what, answer) => {
  const played = play([['elicitation/create', form]], { answer });
  await run(played);
  expect(played.answers).toMatchObject([{ kind: 'error', error: { code: -32603 } }]);
  expect((await recorded())[2]).toMatchObject({ type: 'call.answer', answer: 'error' });
});

test('a question larger than any is not put', async () => {
  const played = play([['elicitation/create', { ...form, message: 'x'.repeat(4_194_304) }]]);
  await run(played);
  expect(played.asked).toEqual([]);
  expect((await recorded())[1]).toMatchObject({ code: 'too_large' });
});

test('a server that asks on and on is not heard any more, and fills no trail', async () => {
  const played = play(Array.from({ length: 80 }, () => ['elicitation/create', form] as const));
  await run(played);
  expect(played.asked).toHaveLength(64);
  expect(played.answers).toHaveLength(80);
  const questions = (await recorded()).filter(({ type }) => type === 'call.question');
  expect(questions).toHaveLength(65);
  expect(questions.at(-1)).toMatchObject({ code: 'too_many' });
});

test('a question of a call whose caller cannot be asked is on record, though it reaches nobody', async () => {
  const signal = new AbortController().signal;
  const played = play([]);
  await run(
    { ...played, call: { client: { capabilities: '{}', asker: 'me' }, ask: undefined } },
    {
      answer: async ({ ask, unasked }) => {
        expect(ask).toBeUndefined();
        unasked?.refused({ method: 'sampling/createMessage', params: result('{}'), signal });
        return { kind: 'result', result: result('{"content":[]}') };
      },
    },
  );
  const question = (await recorded()).find(({ type }) => type === 'call.question');
  expect(question).toMatchObject({ effect: 'deny', code: 'undeclared', n: 1 });
});
