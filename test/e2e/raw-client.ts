import { parseJson } from '../../packages/gateway/src/lib/json/parse-json.js';
import type { JsonObject } from '../../packages/gateway/src/model/json.js';

/** Speaks MCP over HTTP by hand, so that nothing is lost between the wire and the test. */
export interface RawClient {
  /** The result of one request; throws for an error, with its text. */
  request(method: string, params?: object): Promise<JsonObject>;
}

export type Headers = Readonly<Record<string, string>>;

const clientInfo = { name: 'raw', version: '1' };

export async function legacyClient(url: string, headers: Headers = {}): Promise<RawClient> {
  const opening = {
    jsonrpc: '2.0',
    id: 0,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo },
  };
  const opened = await post(url, opening, headers);
  const session = opened.headers.get('mcp-session-id');
  const own = {
    ...headers,
    'MCP-Protocol-Version': '2025-11-25',
    ...(session === null ? {} : { 'Mcp-Session-Id': session }),
  };
  await opened.text();
  await (await post(url, { jsonrpc: '2.0', method: 'notifications/initialized' }, own)).text();
  return {
    request: async (method, params = {}) =>
      resultIn(await post(url, { jsonrpc: '2.0', id: 1, method, params }, own)),
  };
}

export function modernClient(url: string, headers: Headers = {}): RawClient {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': clientInfo,
  };
  return {
    async request(method, params = {}) {
      const { name, uri } = params as { name?: string; uri?: string };
      const target = name ?? uri;
      const own = {
        ...headers,
        'MCP-Protocol-Version': '2026-07-28',
        'Mcp-Method': method,
        ...(target === undefined ? {} : { 'Mcp-Name': target }),
      };
      const message = { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } };
      return resultIn(await post(url, message, own));
    },
  };
}

function post(url: string, message: object, headers: Headers): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify(message),
  });
}

async function resultIn(response: Response): Promise<JsonObject> {
  const text = await response.text();
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  const data = isStream ? text.slice(text.lastIndexOf('data: ') + 'data: '.length).trim() : text;
  const { result } = parseJson(data).value as { result?: JsonObject };
  if (result === undefined) throw new Error(`${response.status} ${data.slice(0, 500)}`);
  return result;
}
