import { afterEach, describe, expect, test } from 'vitest';
import type { Call } from '../../packages/gateway/src/model/call.js';
import type { PolicySpec } from '../../packages/gateway/src/policy/rule.js';
import { result, type Scene, type Stage, setStage } from './house.js';

let stage: Stage;
afterEach(() => stage.close());

const lists = {
  'prompts/list': { prompts: [{ name: 'review', arguments: [{ name: 'file', required: true }] }] },
  'resources/list': { resources: [{ uri: 'file:///a.txt', name: 'a' }] },
  'resources/templates/list': { resourceTemplates: [{ uriTemplate: 'db://{table}', name: 'tables' }] },
};

type Asked = Pick<Call, 'method' | 'kind' | 'target'>;

const review: Asked = { method: 'prompts/get', kind: 'prompt', target: 'review' };
const read: Asked = { method: 'resources/read', kind: 'resource', target: 'file:///a.txt' };
const complete: Asked = { method: 'completion/complete', kind: 'prompt', target: 'review' };
const typed = { argument: { name: 'file', value: 'a' } };

async function play(scene: Scene = {}): Promise<void> {
  stage = await setStage({ lists, relayed: ['x/run'], ...scene });
}

function allow(match: PolicySpec['rules'][number]['match'], when?: string): PolicySpec {
  return {
    default: 'deny',
    relayedMethods: ['x/run'],
    rules: [{ id: 'r', match, effect: 'allow', ...(when === undefined ? {} : { when }) }],
  };
}

const noArgs = { args: undefined };

describe('a call of anything goes the one way', () => {
  test.each<[string, Asked, unknown, string]>([
    ['a prompt', review, { file: 'a' }, '"name":"review","arguments":{"file":"a"}'],
    ['a resource', read, undefined, '"uri":"file:///a.txt"'],
    [
      'a resource that only a template names',
      { ...read, target: 'db://users' },
      undefined,
      '"uri":"db://users"',
    ],
    ['a subscription', { ...read, method: 'resources/subscribe' }, undefined, ''],
    [
      'a completion',
      complete,
      typed,
      '"ref":{"type":"ref/prompt","name":"review"},"argument":{"name":"file","value":"a"}',
    ],
    [
      'a completion in a template',
      { ...complete, kind: 'template', target: 'db://{table}' },
      typed,
      '"ref":{"type":"ref/resource","uri":"db://{table}"},"argument":{"name":"file","value":"a"}',
    ],
    ['a relayed method', { method: 'x/run', kind: 'method', target: 'x/run' }, { a: 1 }, '"a":1'],
  ])('%s', async (_what, asked, args, members) => {
    await play();
    const outcome = await stage.call(args, { ...asked, ...(args === undefined ? noArgs : {}) });
    expect(outcome).toMatchObject({ kind: 'completed' });
    if (asked.method !== 'resources/subscribe') {
      expect(stage.forwarded).toMatchObject([{ method: asked.method, members }]);
    }
    const [decided, ended] = await stage.records();
    const tool = { kind: asked.kind, name: asked.target, upstream: 'pay' };
    expect(decided?.record).toMatchObject({ effect: 'allow', mcp: { method: asked.method }, tool });
    expect(ended?.record).toMatchObject({ type: 'call.outcome', outcome: 'executed', tool });
  });
});

describe('policy', () => {
  test('that allows a prompt allows no other prompt, and nothing else', async () => {
    await play({ policy: allow({ prompts: ['review'] }) });
    expect(await stage.call({ file: 'a' }, review)).toMatchObject({ kind: 'completed' });
    expect(await stage.call(undefined, { ...read, ...noArgs })).toMatchObject({
      kind: 'refused',
      refusal: { code: 'denied' },
    });
    expect(await stage.call()).toMatchObject({ kind: 'refused', refusal: { code: 'denied' } });
  });

  test('decides about a resource by its URI, also by one that no list names', async () => {
    await play({ policy: allow({ resources: ['db://pub*'] }) });
    const reading = (target: string) => stage.call(undefined, { ...read, target, ...noArgs });
    expect(await reading('db://public')).toMatchObject({ kind: 'completed' });
    expect(await reading('db://secret')).toMatchObject({ kind: 'refused', refusal: { code: 'denied' } });
    expect(await reading('file:///a.txt')).toMatchObject({ kind: 'refused' });
  });

  test('sees what is typed in a completion', async () => {
    await play({
      policy: allow({ prompts: ['*'], methods: ['completion/complete'] }, 'args.argument.value != ""'),
    });
    expect(await stage.call(typed, complete)).toMatchObject({ kind: 'completed' });
    const nothing = { argument: { name: 'file', value: '' } };
    expect(await stage.call(nothing, complete)).toMatchObject({ kind: 'refused' });
  });

  test('allows a relayed method only by its name', async () => {
    const asked = { method: 'x/run', kind: 'method', target: 'x/run' } as const;
    await play({ policy: allow({ methods: ['x/run'] }) });
    expect(await stage.call({}, asked)).toMatchObject({ kind: 'completed' });
    await stage.close();
    await play({ policy: allow({ tools: ['*'] }) });
    expect(await stage.call({}, asked)).toMatchObject({ kind: 'refused' });
  });

  test('leaves out of each list what the caller may not use', async () => {
    await play({ policy: allow({ prompts: ['*'] }) });
    expect(await stage.list('agent-a', 'prompts')).toEqual(['review']);
    expect(await stage.list('agent-a', 'resources')).toEqual([]);
    expect(await stage.list('agent-a', 'templates')).toEqual([]);
    const answered = (await stage.records()).map(({ record: { mcp, count } }) => [mcp, count]);
    expect(answered).toMatchObject([
      [{ method: 'prompts/list' }, 1],
      [{ method: 'resources/list' }, 0],
      [{ method: 'resources/templates/list' }, 0],
    ]);
  });

  test('that hides a prompt makes it unknown, whatever its arguments', async () => {
    const policy: PolicySpec = {
      default: 'allow',
      rules: [{ id: 'h', match: { prompts: ['review'] }, effect: 'hide' }],
    };
    await play({ policy });
    for (const args of [{ file: 'a' }, {}, { file: 1 }]) {
      expect(await stage.call(args, review)).toMatchObject({ kind: 'unknown' });
    }
    expect(await stage.list('agent-a', 'prompts')).toEqual([]);
  });
});

test.each<[string, Asked]>([
  ['prompt', { ...review, target: 'Review' }],
  ['resource template', { ...complete, kind: 'template', target: 'db://users' }],
])('a %s that there is not is unknown, and on record under what was asked for', async (_what, asked) => {
  await play();
  expect(await stage.call({}, asked)).toMatchObject({ kind: 'unknown' });
  expect((await stage.records())[0]?.record).toMatchObject({
    code: 'unknown_target',
    tool: { kind: asked.kind, name: asked.target },
  });
});

test.each<[string, object, string]>([
  ['without what it requires', {}, 'lack "file"'],
  ['with something else than texts', { file: 7 }, '"file" must be a string'],
  ['under a name that it does not have', { file: 'a', File: 'b' }, 'Did you mean "file"?'],
])('a prompt is refused %s, and nothing is sent', async (_what, args, sentence) => {
  await play();
  expect(await stage.call(args, review)).toMatchObject({
    kind: 'refused',
    refusal: { code: 'invalid_arguments', message: expect.stringContaining(sentence) },
  });
  expect(stage.forwarded).toEqual([]);
});

test('a URI longer than a record takes is on record as its digest', async () => {
  await play();
  const target = `db://${'x'.repeat(2000)}`;
  await stage.call(undefined, { ...read, target, ...noArgs });
  expect((await stage.records())[0]?.record.tool).toMatchObject({ name: expect.stringMatching(/^sha256:/) });
});

test('what an upstream says of a resource passes as it came', async () => {
  const text =
    '{"contents":[{"uri":"file:///a.txt","n":1.0,"id":9007199254740993,"blob":"AA=="}],"later":true}';
  await play({ answer: async () => ({ kind: 'result', result: result(text) }) });
  expect(await stage.call(undefined, { ...read, ...noArgs })).toMatchObject({ result: { text } });
});
