import { describe, expect, it } from 'vitest';
import { parseJson } from '../../lib/json/parse-json.js';
import { readMessage, writeRequest } from './json-rpc.js';
import { ModernEnvelope } from './modern-envelope.js';

describe('requests', () => {
  const metas = [
    undefined,
    new Map(),
    new Map([
      ['a"b\\\n', '{"x":[1.0]}'],
      ['progressToken', '"forged"'],
      ['io.modelcontextprotocol/protocolVersion', '"forged"'],
    ]),
  ];
  const parts = ['', '"name":"echo"', '"name":"echo","arguments":{"a":1.0}'].flatMap((members) =>
    [undefined, new ModernEnvelope('0"1').membersFor(undefined)].flatMap((envelope) =>
      metas.flatMap((meta) =>
        [undefined, () => undefined].map((progress) => [members, envelope, meta, progress]),
      ),
    ),
  ) as [string, string | undefined, Map<string, string> | undefined, (() => void) | undefined][];

  it('are strict JSON, whichever parts come together', () => {
    for (const [members, envelope, meta, onProgress] of parts) {
      const request = { method: 'tools/call', members, timeoutMs: 1, onProgress, ...(meta && { meta }) };
      const text = writeRequest(7, request, envelope);
      expect(parseJson(text).value).toMatchObject({ jsonrpc: '2.0', id: 7, method: 'tools/call' });
      expect(text).not.toContain('forged');
    }
  });
});

describe('messages of an upstream', () => {
  it.each([
    '{"id":7,"result":{}}',
    '{"jsonrpc":"1.0","id":7,"result":{}}',
    '{"jsonrpc":"2.0","id":7,"result":[]}',
    '{"jsonrpc":"2.0","id":7,"result":{},"error":{"code":1,"message":"x"}}',
    '{"jsonrpc":"2.0","id":7,"error":"x"}',
  ])('give no reply when they are no well-formed response: %s', (text) => {
    expect(readMessage(text)).toEqual({ kind: 'response', id: 7, reply: undefined });
  });

  it.each([
    '{"method":"ping","id":1}',
    '{"jsonrpc":"2.0","id":[1],"method":"ping"}',
    '{"jsonrpc":"2.0","id":1}',
    '[]',
  ])('mean nothing when they are not JSON-RPC 2.0: %s', (text) => {
    expect(readMessage(text)).toEqual({ kind: 'nonsense' });
  });
});
