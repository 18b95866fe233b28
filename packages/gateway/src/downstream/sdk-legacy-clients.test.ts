import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, test } from 'vitest';
import type { Call } from '../model/call.js';
import type { QuestionMethod } from '../model/client.js';
import { question, said } from './event-client-fixture.js';
import {
  completed,
  deferred,
  type FakeGateway,
  type FakeOptions,
  startGateway,
  stop,
} from './face-fixture.js';
import type { HubListener } from './face-options.js';

let gateway: FakeGateway;
let listeners: HubListener[];
const clients: Client[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  stop(gateway);
});

async function start(govern: FakeOptions['govern']): Promise<void> {
  listeners = [];
  const join = (listener: HubListener) => {
    listeners.push(listener);
    return () => undefined;
  };
  gateway = await startGateway({ hub: { join }, ...(govern && { govern }) });
}

const requestInit = { headers: { Authorization: 'Bearer agent-a' } };
const transports = {
  'Streamable HTTP': () =>
    new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${gateway.port}/mcp`), { requestInit }),
  'HTTP+SSE': () => new SSEClientTransport(new URL(`http://127.0.0.1:${gateway.port}/sse`), { requestInit }),
};

async function connect(transport: keyof typeof transports): Promise<Client> {
  const capabilities = { elicitation: { form: {} }, sampling: {}, roots: { listChanged: true } };
  const client = new Client({ name: 'c', version: '1' }, { capabilities });
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => ({
    action: 'accept' as const,
    content: { answer: params.message },
  }));
  client.setRequestHandler(CreateMessageRequestSchema, () => ({
    model: 'm',
    role: 'assistant' as const,
    content: { type: 'text' as const, text: 'sampled' },
  }));
  client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: 'file:///here' }] }));
  clients.push(client);
  await client.connect(transports[transport]() as never);
  return client;
}

/** Asks each kind of question, three rounds, with progress between them. */
async function interview(call: Call) {
  const answers: string[] = [];
  const ask = async (method: QuestionMethod, params: string) =>
    answers.push(said(await call.ask?.(question(method, params))));
  for (let round = 1; round <= 3; round++) {
    // Not just before the answer: this client forgets who wants progress before it looks at what came with the answer.
    call.onProgress?.(`{"progress":${round}}`);
    const schema = '{"type":"object","properties":{"answer":{"type":"string"}}}';
    await ask('elicitation/create', `{"message":"${call.target}${round}","requestedSchema":${schema}}`);
    await ask('sampling/createMessage', '{"messages":[],"maxTokens":1}');
    await ask('roots/list', '{}');
  }
  return completed(call, JSON.stringify({ content: [], structuredContent: { answers } }));
}

describe.each(Object.keys(transports) as (keyof typeof transports)[])(
  'a client of SDK 1.x over %s',
  (transport) => {
    test('answers what it is asked in its calls, three rounds each, two calls at once', async () => {
      await start(interview);
      const client = await connect(transport);
      const steps: number[] = [];
      const onprogress = ({ progress }: { progress: number }) => steps.push(progress);
      const results = await Promise.all(
        ['a', 'b'].map((name) => client.callTool({ name }, undefined, { onprogress })),
      );
      expect(steps.toSorted((a, b) => a - b)).toEqual([1, 1, 2, 2, 3, 3]);
      for (const [index, { structuredContent }] of results.entries()) {
        const { answers } = structuredContent as { answers: string[] };
        expect(answers.map((text) => JSON.parse(text))).toMatchObject(
          [1, 2, 3].flatMap((round) => [
            { action: 'accept', content: { answer: `${'ab'[index]}${round}` } },
            { content: { text: 'sampled' } },
            { roots: [{ uri: 'file:///here' }] },
          ]),
        );
      }
      expect(gateway.invalid).toEqual([]);
    });

    test('of two clients with the same key each is asked about its own calls', async () => {
      await start(interview);
      const both = await Promise.all([connect(transport), connect(transport)]);
      const results = await Promise.all(
        both.map((client, index) => client.callTool({ name: `own${index}-` })),
      );
      for (const [index, { structuredContent }] of results.entries()) {
        expect(JSON.stringify(structuredContent)).toContain(`own${index}-3`);
        expect(JSON.stringify(structuredContent)).not.toContain(`own${1 - index}-`);
      }
    });

    test('hears what belongs to no request', async () => {
      await start(undefined);
      const client = await connect(transport);
      const heard = deferred();
      client.setNotificationHandler(ToolListChangedNotificationSchema, () => heard.resolve());
      await client.ping();
      const tell = () => {
        if (listeners.length === 0) setImmediate(tell);
        for (const listener of listeners)
          listener.deliver('{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}');
      };
      tell();
      await heard.promise;
    });

    test('that cancels a call is not asked any more', async () => {
      const cancelled = deferred();
      const asked = deferred();
      await start(async (call) => {
        call.signal.addEventListener('abort', cancelled.resolve);
        asked.resolve();
        await cancelled.promise;
        return completed(call, '{"content":[]}');
      });
      const client = await connect(transport);
      const controller = new AbortController();
      const call = client.callTool({ name: 'x' }, undefined, { signal: controller.signal });
      await asked.promise;
      controller.abort();
      await expect(call).rejects.toThrow();
      await cancelled.promise;
    });
  },
);

test('a client of SDK 1.x whose connection breaks in a call comes back by itself and gets the answer', async () => {
  const broken = deferred();
  await start(async (call) => {
    call.onProgress?.('{"progress":1}');
    await broken.promise;
    return completed(call, '{"content":[],"structuredContent":{"after":"the break"}}');
  });
  const client = await connect('Streamable HTTP');
  const begun = deferred();
  const call = client.callTool({ name: 'x' }, undefined, { onprogress: begun.resolve });
  await begun.promise;
  for (const socket of gateway.sockets) socket.destroy();
  broken.resolve();
  expect((await call).structuredContent).toEqual({ after: 'the break' });
  expect(gateway.calls).toHaveLength(1);
});
