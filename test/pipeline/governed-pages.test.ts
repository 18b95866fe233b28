import { afterEach, describe, expect, test } from 'vitest';
import type { UpstreamReply } from '../../packages/gateway/src/model/upstream.js';
import { result, type Scene, type Stage, setStage } from './house.js';
import { type Play, page, play, ruled } from './played-questions.js';

let stage: Stage;
afterEach(() => stage.close());

async function run(played: Play, scene: Scene = {}) {
  stage = await setStage({ policy: ruled, ...played.scene, ...scene });
  return stage.call(undefined, played.call);
}

async function recorded() {
  return (await stage.records()).map(({ record, payloads }) => ({ ...record, payloads }));
}

describe('a page', () => {
  test('is shown as it is, and the record keeps no more of it than where it leads', async () => {
    const played = play([['elicitation/create', page]]);
    await run(played);
    expect(played.asked.map(({ params }) => params.value)).toEqual([page]);
    const records = await recorded();
    expect(records[1]).toMatchObject({ url: 'https://id.example' });
    expect(JSON.stringify(records)).not.toContain('one-time');
  });

  test.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    'https://bank.example@evil.example/',
    ' https://id.example',
    'https://id.example/\u202emoc',
    'no url',
    7,
  ])('is not shown when its URL is %j', async (url) => {
    const played = play([['elicitation/create', { ...page, url }]]);
    await run(played);
    expect(played.asked).toEqual([]);
    expect(played.answers).toMatchObject([{ kind: 'error', error: { code: -32602 } }]);
    expect((await recorded())[1]).toMatchObject({ effect: 'deny', code: 'invalid' });
  });

  test('of a mode that nobody knows is not shown', async () => {
    const played = play([['elicitation/create', { ...page, mode: 'qr' }]]);
    await run(played);
    expect(played.answers).toMatchObject([{ kind: 'error', error: { code: -32602 } }]);
  });
});

describe('a server that wants pages visited first', () => {
  const required = (...pages: object[]): UpstreamReply => ({
    kind: 'error',
    error: { code: -32042, message: 'Visit', data: result(JSON.stringify({ elicitations: pages })) },
  });
  const legacy = { arrival: { transport: 'http', revision: '2025-11-25' } } as const;
  const done: UpstreamReply = { kind: 'result', result: result('{"content":[]}') };

  test('is told to a legacy client in the words that it knows, and that is on record', async () => {
    const outcome = await run(play([]), { answer: async () => required(page) }).then(() =>
      stage.call(undefined, { ...play([]).call, ...legacy }),
    );
    expect(outcome).toMatchObject({ kind: 'errored', error: { code: -32042 } });
    expect(await recorded()).toContainEqual(
      expect.objectContaining({ type: 'call.question', call: outcome.callId, url: 'https://id.example' }),
    );
  });

  test('is not told to a legacy client when policy does not allow it', async () => {
    const policy = { ...ruled, rules: ruled.rules.slice(0, 1) };
    stage = await setStage({ policy, answer: async () => required(page) });
    const outcome = await stage.call(undefined, { ...play([]).call, ...legacy });
    expect(outcome).toMatchObject({ kind: 'errored', error: { code: -32603 } });
    expect(JSON.stringify(outcome)).not.toContain('id.example');
  });

  test('is put to a modern client as a question, and the call goes on when it agrees', async () => {
    const replies = [required(page), required(page), done];
    const played = play([]);
    const outcome = await run(played, { answer: async () => replies.shift() ?? done });
    expect(outcome).toMatchObject({ kind: 'completed' });
    expect(played.asked).toHaveLength(2);
    expect(stage.forwarded).toHaveLength(3);
  });

  test('gets no second call when the credential of the caller ended meanwhile', async () => {
    let isCurrent = true;
    const played = play([]);
    const outcome = await run(played, {
      isCurrent: () => isCurrent,
      async answer() {
        isCurrent = false;
        return required(page);
      },
    });
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'denied', mayHaveRun: true } });
    expect(stage.forwarded).toHaveLength(1);
  });

  test('gets no second call when the person does not agree', async () => {
    const played = play([], { answer: '{"action":"decline"}' });
    const outcome = await run(played, { answer: async () => required(page) });
    expect(outcome).toMatchObject({ kind: 'errored', error: { code: -32603 } });
    expect(stage.forwarded).toHaveLength(1);
  });

  test('does not keep a person opening pages for ever', async () => {
    const played = play([]);
    const outcome = await run(played, { answer: async () => required(page) });
    expect(outcome).toMatchObject({ kind: 'errored', error: { code: -32603 } });
    expect(played.asked).toHaveLength(8);
  });
});
