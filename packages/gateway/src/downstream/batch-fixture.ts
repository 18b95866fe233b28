import {
  basicHeaders,
  type FakeGateway,
  type Headers,
  legacy,
  type Message,
  type Sent,
  send,
} from './face-fixture.js';

/** For tests of batches: the messages that they are made of, and the batches. */
export const v2025March = { 'MCP-Protocol-Version': '2025-03-26' };
export const raw = (body: string, headers: Headers = {}): Sent => ({
  headers: { ...basicHeaders, ...headers },
  body,
});
export const batch = (elements: readonly unknown[], headers: Headers = {}): Sent =>
  raw(JSON.stringify(elements), headers);
export const call = (id: unknown, name = 'echo', more: object = {}) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, ...more },
});
export const ping = (id: unknown) => ({ jsonrpc: '2.0', id, method: 'ping' });
export const cancel = (requestId: unknown) => ({
  jsonrpc: '2.0',
  method: 'notifications/cancelled',
  params: { requestId },
});
export const initialized = { jsonrpc: '2.0', method: 'notifications/initialized' };
export const response = { jsonrpc: '2.0', id: 1, result: {} };

/** The header of a new session that agreed on the revision. */
export async function sessionOf(gateway: FakeGateway, protocolVersion: string): Promise<Headers> {
  const params = { protocolVersion, capabilities: {}, clientInfo: { name: 'c', version: '1' } };
  const { headers } = await send(gateway, legacy({ id: 0, method: 'initialize', params }));
  return { 'Mcp-Session-Id': headers['mcp-session-id'] };
}

/** What was sent back for each element: its id, and the code of its error. */
export function codesIn(text: string): [unknown, unknown][] {
  return (JSON.parse(text) as Message[]).map(({ id, error }) => [id, error?.code]);
}
