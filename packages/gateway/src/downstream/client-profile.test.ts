import { expect, test } from 'vitest';
import { ModernClient } from './client-profile.js';
import { type RequestMessage, readMessage } from './message.js';

function clientThatDeclares(capabilities: object): ModernClient {
  const _meta = { 'io.modelcontextprotocol/clientCapabilities': capabilities };
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'a', _meta } };
  return new ModernClient(readMessage(Buffer.from(JSON.stringify(message))) as RequestMessage);
}

test('a modern client is taken by what it declares, as far as that is relayed', () => {
  const { capabilities } = clientThatDeclares({
    sampling: {},
    experimental: { x: {} },
    elicitation: { url: {} },
  });
  expect(capabilities).toBe('{"sampling":{},"elicitation":{"url":{}}}');
});

test('a modern client that declares more than can be kept declares nothing', () => {
  const { capabilities } = clientThatDeclares({ elicitation: { padding: 'x'.repeat(16_384) } });
  expect(capabilities).toBe('{}');
});
