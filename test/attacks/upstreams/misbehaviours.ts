import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Script } from './fixture-server.mjs';

/** A call to which an upstream shall not reply in the ordinary way. */
export interface MisusedCall {
  readonly script: Script;
  readonly response: ServerResponse;
  /** The JSON text of the id of the call. */
  readonly id: string;
  /** The text of the ordinary reply. */
  readonly reply: string;
  /** Resolves with the answer to a request with this id that the upstream sends. */
  readonly answered: (id: string) => Promise<unknown>;
}

type Misbehaviour = (call: MisusedCall) => Promise<void> | void;

/** What an upstream does with one call, by the word of the corpus in `next`. */
export const misbehaviours: Readonly<Record<string, Misbehaviour>> = {
  redirect({ script, response }) {
    response.writeHead(Number(script.status), { location: String(script.location) }).end();
  },

  http({ script, response, reply }) {
    const headers = (script.headers as [string, string][]).flat();
    response.writeHead(Number(script.status), [...headers, 'content-type', 'application/json']).end(reply);
  },

  async gzip_bomb({ script, response, reply }) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    const size = 16 * 1024 * 1024;
    const block = gzipSync(Buffer.alloc(size, ' '), { level: 1 });
    for (let sent = 0; sent < Number(script.decoded_bytes) && !response.destroyed; sent += size) {
      await new Promise((resolve) => response.write(block, resolve));
    }
    response.end(gzipSync(reply));
  },

  /** Its id stands for that of the call. */
  raw_sse({ script, response, id }) {
    const text = String(script.text).replaceAll(/(\\?"id\\?":)1\b/g, `$1${id}`);
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(text);
  },

  two_responses({ script, response, id }) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const text of script.texts as string[]) {
      const result = { resultType: 'complete', content: [{ type: 'text', text }] };
      sendEvent(response, `{"jsonrpc":"2.0","id":${id},"result":${JSON.stringify(result)}}`);
    }
    response.end();
  },

  async server_request({ script, response, reply, answered }) {
    const { method, params } = script;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const answer = answered('question');
    sendEvent(response, JSON.stringify({ jsonrpc: '2.0', id: 'question', method, params }));
    await answer;
    sendEvent(response, reply);
    response.end();
  },
};

/** One message as a server-sent event. */
export function sendEvent(response: ServerResponse, text: string): void {
  response.write(`event: message\ndata: ${text}\n\n`);
}
