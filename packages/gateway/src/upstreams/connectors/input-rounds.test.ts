import { afterEach, describe, expect, it } from 'vitest';
import { connectionDeps, context, stdioSpec, textOf } from '../../../../../test/fixtures/upstreams/deps.js';
import type { Ask, ClientAnswer, UpstreamQuestion } from '../../model/client.js';
import type { JsonObjectText } from '../../model/json.js';
import type { Tool } from '../../model/tool.js';
import type { Connection, OutgoingRequest } from '../connection.js';
import { createStdioConnect } from './stdio.js';

const connect = createStdioConnect();
const open: Connection[] = [];

async function started(era: 'legacy' | 'modern' = 'modern'): Promise<Connection> {
  const revision = era === 'legacy' ? '2025-11-25' : '2026-07-28';
  const made = await connect(stdioSpec(era, { revision }), connectionDeps, context());
  open.push(made);
  await made.start();
  return made;
}

function call(args: object, more: Partial<OutgoingRequest> = {}): OutgoingRequest {
  return {
    method: 'tools/call',
    members: `"name":"input","arguments":${JSON.stringify(args)}`,
    target: { kind: 'tool', name: 'input' } as Tool,
    timeoutMs: 5000,
    ...more,
  };
}

function answer(value: object): ClientAnswer {
  return { kind: 'result', result: { text: JSON.stringify(value), value } as JsonObjectText };
}

const agree: Ask = async ({ method }) =>
  answer(method === 'roots/list' ? { roots: [] } : { action: 'accept', content: { big: 1 } });

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

describe('a modern server that asks for input', () => {
  it('gets the answers with the same request under a new id, and its state byte for byte', async () => {
    const made = await started();
    const asked: UpstreamQuestion[] = [];
    const reply = await made.request(
      call(
        { rounds: 3, keep: 1.5 },
        {
          ask: (question) => {
            asked.push(question);
            return agree(question);
          },
        },
      ),
    );
    const line = textOf(reply);
    expect(line).toContain('"requestState":"r\\u00e9und 3"');
    const { id, params } = JSON.parse(line);
    expect(params).toMatchObject({
      name: 'input',
      arguments: { rounds: 3, keep: 1.5 },
      inputResponses: { confirm: { action: 'accept', content: { big: 1 } }, roots: { roots: [] } },
    });
    expect(id).toBeGreaterThan(3);
    expect(asked.map(({ method }) => method)).toEqual(
      [1, 2, 3].flatMap(() => ['elicitation/create', 'roots/list']),
    );
  });

  it('relays the params of a question as they came', async () => {
    const made = await started();
    const params: string[] = [];
    const ask: Ask = (question) => {
      params.push(question.params.text);
      return agree(question);
    };
    await made.request(call({ params: { message: 'é', n: 1e21 } }, { ask }));
    // As the server wrote it, escape included.
    expect(params[0]).toBe('{"message":"\\u00e9","n":1e+21}');
  });

  it('is told "cancel" where the client cannot be asked to confirm', async () => {
    const made = await started();
    const ask: Ask = async (question) =>
      question.method === 'roots/list'
        ? agree(question)
        : { kind: 'error', error: { code: -32601, message: 'not now' } };
    const { params } = JSON.parse(textOf(await made.request(call({}, { ask }))));
    expect(params.inputResponses.confirm).toEqual({ action: 'cancel' });
  });

  it('ends the call with the error of a client that cannot give what only it has', async () => {
    const made = await started();
    const ask: Ask = async (question) =>
      question.method === 'roots/list'
        ? { kind: 'error', error: { code: 4711, message: 'no roots' } }
        : agree(question);
    expect(await made.request(call({}, { ask }))).toEqual({
      kind: 'error',
      error: { code: 4711, message: 'no roots' },
    });
  });

  it('is left after 8 rounds', async () => {
    const made = await started();
    let asked = 0;
    const ask: Ask = (question) => {
      asked++;
      return agree(question);
    };
    await expect(made.request(call({ rounds: 100 }, { ask }))).rejects.toMatchObject({
      kind: 'malformed',
      sent: true,
      message: expect.stringContaining('more than 8 times'),
    });
    expect(asked).toBe(16);
  });

  it('may say that it only needs time, which needs nobody to ask', async () => {
    const made = await started();
    const reply = await made
      .request(call({ reply: { requestState: 'r 5' } }, { timeoutMs: 60_000 }))
      .catch((cause: unknown) => cause);
    expect(reply).toMatchObject({ kind: 'malformed', message: expect.stringContaining('8 times') });
  });

  it('does not use up the time of the call while somebody is being asked', async () => {
    const made = await started();
    const ask: Ask = async (question) => {
      await new Promise((resolve) => setTimeout(resolve, 400));
      return agree(question);
    };
    await expect(made.request(call({ rounds: 2 }, { ask, timeoutMs: 300 }))).resolves.toBeDefined();
  });

  it('is not answered after the caller cancelled, and its questions are withdrawn', async () => {
    const made = await started();
    const aborter = new AbortController();
    const signals: UpstreamQuestion['signal'][] = [];
    const ask: Ask = ({ signal }) => {
      signals.push(signal);
      if (signals.length === 2) queueMicrotask(() => aborter.abort());
      return new Promise(() => undefined);
    };
    const left = made.request(call({}, { ask, signal: aborter.signal }));
    await expect(left).rejects.toMatchObject({ kind: 'cancelled', sent: true });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    await made.idle();
  });

  it('counts as busy while somebody is being asked, and ends the call when it is gone', async () => {
    const made = await started();
    const asked = new Promise<void>((resolve) => {
      const ask: Ask = () => {
        resolve();
        return new Promise(() => undefined);
      };
      made.request(call({}, { ask })).catch((cause: unknown) => {
        expect(cause).toMatchObject({ kind: 'unavailable', sent: true });
      });
    });
    await asked;
    expect(made.busy).toBe(true);
    await made.close();
    expect(made.busy).toBe(false);
  });

  it.each([
    [{ inputRequests: [] }, 'no object of questions'],
    [{ inputRequests: { a: 1 } }, 'no object'],
    [{ inputRequests: { a: { method: 'tools/call' } } }, 'kind that does not exist'],
    [{ inputRequests: { a: { method: 'roots/list', params: [] } } }, 'params are no object'],
    [{ requestState: 1 }, 'no text'],
    [{}, 'neither'],
    [
      {
        inputRequests: Object.fromEntries(
          Array.from({ length: 17 }, (_, key) => [key, { method: 'roots/list' }]),
        ),
      },
      'more than 16',
    ],
  ])(
    'ends the call as a failure when it asks in a way that cannot be answered: %j',
    async (broken, words) => {
      const made = await started();
      await expect(made.request(call({ reply: broken }, { ask: agree }))).rejects.toMatchObject({
        kind: 'malformed',
        message: expect.stringContaining(words),
      });
    },
  );

  it('ends the call as a failure when it asks though nobody can be asked', async () => {
    const made = await started();
    await expect(made.request(call({}))).rejects.toMatchObject({ kind: 'malformed' });
  });
});

describe('other results that are no end of a call', () => {
  it('never come through from a legacy server', async () => {
    const made = await started('legacy');
    for (const reply of [{ requestState: 'x' }, { resultType: 'task', taskId: 't' }, { resultType: 5 }]) {
      await expect(made.request(call({ reply }, { ask: agree }))).rejects.toMatchObject({
        kind: 'malformed',
      });
    }
  });

  it('come through when they are tasks and the client said that it knows tasks', async () => {
    const made = await started();
    const task = { resultType: 'task', taskId: 't', content: [] };
    const client = { capabilities: '{}', asker: 'a', tasks: true };
    const reply = await made.request(call({ reply: task }, { client }));
    expect(reply).toMatchObject({ kind: 'result', result: { value: { taskId: 't' } } });
    await expect(made.request(call({ reply: task }))).rejects.toMatchObject({ kind: 'malformed' });
  });
});
