import type { Json, JsonObject } from './types.js';

/** The revision this client speaks: every request stands alone, so there is no session to keep. */
const mcpRevision = '2026-07-28';

const metaPrefix = 'io.modelcontextprotocol/';

/** The body of one MCP request with the envelope that the revision requires. */
export function mcpBody(id: number, method: string, params: JsonObject): string {
  const envelope = {
    [`${metaPrefix}protocolVersion`]: mcpRevision,
    [`${metaPrefix}clientCapabilities`]: {},
    [`${metaPrefix}clientInfo`]: { name: '@sallyport/client', version: '0.1.0' },
  };
  return JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, _meta: envelope } });
}

/** The headers that mirror the body; the gateway refuses a request in which they differ. */
export function mcpHeaders(method: string, name?: string): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    'MCP-Protocol-Version': mcpRevision,
    'Mcp-Method': method,
    ...(name === undefined ? {} : { 'Mcp-Name': headerValue(name) }),
  };
}

/**
 * `Mcp-Param-*` headers for the arguments that the tool's input schema marks with `x-mcp-header`. Absent and null
 * arguments have no header.
 */
export function paramHeaders(inputSchema: Json | undefined, args: Json | undefined): Record<string, string> {
  if (!isObject(inputSchema) || !isObject(inputSchema.properties) || !isObject(args)) return {};
  const headers: Record<string, string> = {};
  for (const [name, schema] of Object.entries(inputSchema.properties)) {
    const value = args[name];
    if (!isObject(schema) || value === undefined || value === null) continue;
    const header = schema['x-mcp-header'];
    if (typeof header === 'string' && typeof value !== 'object') {
      headers[`Mcp-Param-${header}`] = headerValue(String(value));
    }
    Object.assign(headers, paramHeaders(schema, value));
  }
  return headers;
}

/** A header-safe form of any text: as it is where that is possible, else in the protocol's base64 wrapping. */
export function headerValue(text: string): string {
  const plain = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(text) && !/^=\?base64\?.*\?=$/i.test(text);
  if (plain) return text;
  const bytes = new TextEncoder().encode(text);
  return `=?base64?${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}?=`;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
