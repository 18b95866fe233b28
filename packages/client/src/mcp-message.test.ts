import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerValue, mcpBody, mcpHeaders, paramHeaders } from './mcp-message.js';

describe('an MCP message', () => {
  it('carries the envelope that revision 2026-07-28 requires and repeats method and name in headers', () => {
    const body = JSON.parse(mcpBody(7, 'tools/call', { name: 'echo', arguments: {} }));
    expect(body).toMatchObject({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'echo' } });
    expect(body.params._meta).toMatchObject({
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    });
    expect(mcpHeaders('tools/call', 'echo')).toEqual({
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': 'tools/call',
      'Mcp-Name': 'echo',
    });
  });

  it('writes any text as a header value that decodes to the same text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const value = headerValue(text);
        expect(value).toMatch(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/);
        expect(decoded(value)).toBe(text);
      }),
    );
  });

  it('wraps text that could be taken for wrapped text', () => {
    const sly = '=?base64?YQ==?=';
    expect(headerValue(sly)).not.toBe(sly);
    expect(decoded(headerValue(sly))).toBe(sly);
  });

  it('repeats exactly the arguments that the schema marks, at any depth, and leaves absent ones out', () => {
    const schema = {
      type: 'object',
      properties: {
        region: { type: 'string', 'x-mcp-header': 'Region' },
        count: { type: 'integer', 'x-mcp-header': 'Count' },
        gone: { type: 'string', 'x-mcp-header': 'Gone' },
        plain: { type: 'string' },
        place: { type: 'object', properties: { city: { type: 'string', 'x-mcp-header': 'City' } } },
      },
    };
    const args = { region: 'us-Ost', count: 3, gone: null, plain: 'x', place: { city: 'Köln' } };
    expect(paramHeaders(schema, args)).toEqual({
      'Mcp-Param-Region': 'us-Ost',
      'Mcp-Param-Count': '3',
      'Mcp-Param-City': '=?base64?S8O2bG4=?=',
    });
  });
});

function decoded(value: string): string {
  const wrapped = /^=\?base64\?(.*)\?=$/.exec(value);
  return wrapped === null ? value : Buffer.from(wrapped[1] ?? '', 'base64').toString('utf8');
}
