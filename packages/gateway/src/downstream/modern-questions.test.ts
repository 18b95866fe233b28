import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import type { Call } from '../model/call.js';
import type { Outcome } from '../model/outcome.js';
import {
  agentA,
  completed,
  type FakeGateway,
  fakeFace,
  type Message,
  modern,
  modernMeta,
  objectText,
  send,
  startGateway,
  stop,
  TurnedClock,
  toolOf,
} from './face-fixture.js';
import { ParkedCalls } from './parked-calls.js';
import { serveStdio } from './stdio-face.js';

const tools = [toolOf('{"name":"deploy","inputSchema":{"type":"object"}}')];
const meta = { ...modernMeta, 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } };
const yes = { action: 'accept', content: { ok: true } };

/** Asks its client for leave, says so while it works, and answers with what the client said. */
async function govern(call: Call): Promise<Outcome> {
  const question = { message: `Deploy for ${call.principal.id}?` };
  const params = objectText(JSON.stringify(question));
  call.onProgress?.('{"progress":1}');
  const answer = await call.ask?.({ method: 'elicitation/create', params, signal: call.signal });
  call.onProgress?.('{"progress":2}');
  const text = answer?.kind === 'result' ? answer.result.text : 'nobody answered';
  return completed(call, JSON.stringify({ content: [{ type: 'text', text }] }));
}

const serverInfo = { name: 'sallyport', version: '0' };
let gateway: FakeGateway | undefined;

afterEach(() => {
  if (gateway !== undefined) stop(gateway);
  gateway = undefined;
});

async function start(): Promise<FakeGateway> {
  const parked = new ParkedCalls({ govern, clock: new TurnedClock(), serverInfo });
  gateway = await startGateway({ tools, govern, parked });
  return gateway;
}

function callTool(params: object, authorization = 'Bearer agent-a') {
  const request = modern('tools/call', {
    name: 'deploy',
    arguments: { env: 'prod' },
    _meta: meta,
    ...params,
  });
  return { ...request, headers: { ...request.headers, Authorization: authorization } };
}

function asked({ result }: Message): { key: string; params: { message: string }; requestState: string } {
  const { inputRequests, requestState } = result as {
    inputRequests: Record<string, { params: { message: string } }>;
    requestState: string;
  };
  const [[key, { params }] = ['', { params: { message: '' } }]] = Object.entries(inputRequests);
  return { key, params, requestState };
}

describe('a modern client over HTTP', () => {
  it('is asked in the answer, and gets the result of the same call when it comes back', async () => {
    const house = await start();
    const { status, message } = await send(house, callTool({}));
    expect([status, message.result.resultType]).toEqual([200, 'input_required']);
    expect(message.result._meta).toEqual({ 'io.modelcontextprotocol/serverInfo': serverInfo });
    const { key, requestState } = asked(message);
    const done = await send(house, callTool({ requestState, inputResponses: { [key]: yes } }));
    expect(done.message.result).toEqual({
      resultType: 'complete',
      content: [{ type: 'text', text: JSON.stringify(yes) }],
    });
  });

  it('hears on each request what is said while that one waits', async () => {
    const house = await start();
    const first = await send(house, callTool({ _meta: { ...meta, progressToken: 'one' } }));
    expect(first.text).toContain('"progressToken":"one","progress":1');
    const { key, requestState } = asked(first.message);
    const retry = { requestState, inputResponses: { [key]: yes }, _meta: { ...meta, progressToken: 2 } };
    const second = await send(house, callTool(retry));
    expect(second.text).toContain('"progressToken":2,"progress":2');
    expect(second.text).not.toContain('"progress":1');
  });

  it('never gets the question of another, nor answers it', async () => {
    const house = await start();
    const [one, two] = await Promise.all([
      send(house, callTool({})),
      send(house, callTool({}, 'Bearer agent-b')),
    ]);
    const [mine, theirs] = [asked(one.message), asked(two.message)];
    expect([mine.params.message, theirs.params.message]).toEqual([
      'Deploy for agent-a?',
      'Deploy for agent-b?',
    ]);
    const { requestState } = theirs;
    const stolen = await send(house, callTool({ requestState, inputResponses: { [theirs.key]: yes } }));
    expect([stolen.status, stolen.message.error.code]).toEqual([200, -32602]);
    expect(house.invalid.map(({ reason, principal }) => [reason, principal?.id])).toEqual([
      ['state_foreign_caller', 'agent-a'],
    ]);
    const answer = { requestState, inputResponses: { [theirs.key]: yes } };
    const done = await send(house, callTool(answer, 'Bearer agent-b'));
    expect(done.message.result.resultType).toBe('complete');
  });

  it('is told, and it is recorded once, when its state is wrong', async () => {
    const house = await start();
    const { key, requestState } = asked((await send(house, callTool({}))).message);
    const inputResponses = { [key]: yes };
    const tries: [reason: string, params: object][] = [
      ['state_forged', { requestState: `${requestState}-TAMPERED`, inputResponses }],
      ['state_foreign_call', { requestState, inputResponses, arguments: { env: 'test' } }],
      ['invalid_input_responses', { requestState, inputResponses: { [key]: 12345 } }],
    ];
    for (const [reason, params] of tries) {
      const { message } = await send(house, callTool(params));
      expect(message.error.code).toBe(-32602);
      expect(house.invalid.splice(0).map((entry) => entry.reason)).toEqual([reason]);
    }
    await send(house, callTool({ requestState, inputResponses }));
    const { message } = await send(house, callTool({ requestState, inputResponses }));
    expect(message.error.message).toContain('The call that the "requestState" belongs to has ended');
    expect(house.invalid.map(({ reason }) => reason)).toEqual(['state_unknown_call']);
  });

  it('that declares nothing is asked nothing', async () => {
    const house = await start();
    const { message } = await send(house, callTool({ _meta: modernMeta }));
    expect(message.result.content[0].text).toBe('nobody answered');
  });
});

describe('a modern client over stdio', () => {
  it('is asked in the answer, and gets the result of the same call when it comes back', async () => {
    const parked = new ParkedCalls({ govern, clock: new TurnedClock(), serverInfo });
    const { face } = fakeFace({ tools, govern, parked });
    const [input, output] = [new PassThrough(), new PassThrough()];
    const done = serveStdio({ ...face, input, output, principal: agentA });
    const lines = output[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    const say = async (id: number, more: object): Promise<Message> => {
      const params = { name: 'deploy', _meta: meta, ...more };
      input.write(`${JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params })}\n`);
      return JSON.parse(String((await lines.next()).value)) as Message;
    };
    const { key, requestState } = asked(await say(1, {}));
    const answer = await say(2, { requestState, inputResponses: { [key]: yes } });
    expect([answer.id, answer.result.content[0].text]).toEqual([2, JSON.stringify(yes)]);
    input.end();
    await done;
  });
});
