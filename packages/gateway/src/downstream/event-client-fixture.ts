import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { Cancellation } from '../lib/cancellation.js';
import type { ClientAnswer, QuestionMethod, UpstreamQuestion } from '../model/client.js';
import {
  basicHeaders,
  deferred,
  type FakeGateway,
  type Headers,
  legacy,
  objectText,
  type Sent,
  send,
} from './face-fixture.js';

/** For tests of streams: one event as it came. */
export interface ReceivedEvent {
  readonly id?: string;
  readonly event?: string;
  readonly retry?: string;
  readonly data: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages of any shape
  readonly message: any; // oxlint-disable-line typescript/no-explicit-any
}

/** A request whose answer is read event by event. */
export class EventClient {
  readonly events: ReceivedEvent[] = [];
  /** Resolves with the head of the answer. */
  readonly head: Promise<{ status: number; headers: IncomingMessage['headers'] }>;
  /** Resolves when the answer ends, however it does. */
  readonly ended: Promise<void>;
  text = '';
  readonly #request: ClientRequest;
  readonly #waiting: { count: number; resolve: () => void }[] = [];

  constructor(gateway: FakeGateway, { method = 'POST', path = '/mcp', headers = {}, body }: Sent) {
    const ended = deferred();
    this.ended = ended.promise;
    const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
    this.#request = request({
      port: gateway.port,
      host: '127.0.0.1',
      method,
      path,
      headers: given as NodeJS.Dict<string>,
      agent: false,
    });
    this.head = new Promise((resolve) => {
      this.#request.on('response', (response) => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers });
        response.setEncoding('utf8');
        response.on('data', (text: string) => this.#read(text));
        response.on('error', () => undefined);
        response.on('close', ended.resolve);
      });
    });
    this.#request.on('error', ended.resolve);
    this.#request.end(body);
  }

  /** Resolves with the messages so far once there are so many; events without data do not count. */
  async messages(count: number): Promise<ReceivedEvent['message'][]> {
    const { promise, resolve } = deferred();
    this.#waiting.push({ count, resolve });
    this.#wake();
    await promise;
    return this.#heard().map(({ message }) => message);
  }

  /** The id of the last event that had one. */
  get lastId(): string | undefined {
    return this.events.findLast(({ id }) => id !== undefined)?.id;
  }

  /** Hangs up; resolves once the gateway has seen it. */
  async hangUp(gateway: FakeGateway): Promise<void> {
    const seen = deferred();
    const port = this.#request.socket?.localPort;
    for (const socket of gateway.sockets) {
      if (socket.remotePort === port) socket.once('close', () => setImmediate(seen.resolve));
    }
    this.#request.destroy();
    await seen.promise;
  }

  #heard(): ReceivedEvent[] {
    return this.events.filter(({ data }) => data !== '');
  }

  #read(text: string): void {
    this.text += text;
    const complete = this.text.split('\n\n').slice(0, -1);
    for (const block of complete.slice(this.events.length + this.#comments)) {
      if (block.startsWith(':')) this.#comments += 1;
      else this.events.push(eventIn(block));
    }
    this.#wake();
  }

  #comments = 0;

  #wake(): void {
    for (const { count, resolve } of this.#waiting) if (this.#heard().length >= count) resolve();
  }
}

function eventIn(block: string): ReceivedEvent {
  const fields = Object.fromEntries(
    block.split('\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
    }),
  );
  const data = fields.data ?? '';
  return { ...fields, data, message: data.startsWith('{') ? JSON.parse(data) : undefined };
}

/** A session of a client that declared these capabilities: the headers that belong to its requests. */
export async function sessionWith(
  gateway: FakeGateway,
  capabilities: object = { elicitation: {}, sampling: {}, roots: {} },
  protocolVersion = '2025-11-25',
): Promise<Headers> {
  const params = { protocolVersion, capabilities, clientInfo: { name: 'c', version: '1' } };
  const { headers } = await send(gateway, legacy({ id: 0, method: 'initialize', params }));
  return { 'Mcp-Session-Id': headers['mcp-session-id'], 'MCP-Protocol-Version': protocolVersion };
}

export function get(headers: Headers): Sent {
  const { 'Content-Type': _none, ...rest } = basicHeaders;
  return { method: 'GET', headers: { ...rest, Accept: 'text/event-stream', ...headers } };
}

export const callOf = (id: unknown, headers: Headers, params: object = {}): Sent & { headers: Headers } => {
  const message = { id, method: 'tools/call', params: { name: 'slow', ...params } };
  return { ...legacy(message), headers: { ...basicHeaders, ...headers } };
};

export const accept = (id: unknown, headers: Headers, result: object = { action: 'accept' }): Sent =>
  legacy({ id, result }, headers);

/** What an upstream asks. */
export function question(
  method: QuestionMethod = 'elicitation/create',
  params = '{"message":"Sure?"}',
  signal: UpstreamQuestion['signal'] = new Cancellation(),
): UpstreamQuestion {
  return { method, params: objectText(params), signal };
}

/** The result or the error of an answer, as JSON text. */
export function said(answer: ClientAnswer | undefined): string {
  if (answer === undefined) return 'nobody';
  return answer.kind === 'result' ? answer.result.text : JSON.stringify(answer.error);
}
