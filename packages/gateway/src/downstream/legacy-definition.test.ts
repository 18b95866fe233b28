import { ListToolsResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../lib/json/parse-json.js';
import type { JsonObjectText } from '../model/json.js';
import { legacyDefinition } from './legacy-definition.js';

const shown = (text: string) => legacyDefinition(parseJson(text) as JsonObjectText);

describe('a definition for older clients', () => {
  it('is what it was where nothing of it is new, to the byte', () => {
    const text =
      '{ "name":"x","inputSchema":{"type":"object","properties":{"a":{"default":true}}},"outputSchema":{"type":"object"},"z":1.0 }';
    expect(shown(text)).toBe(text);
  });

  it.each([
    '{"name":"x","inputSchema":{"type":"object"},"outputSchema":{"type":"string"}}',
    '{"name":"x","inputSchema":{"type":"object"},"outputSchema":{"anyOf":[{"type":"object"}]}}',
    '{"name":"x","inputSchema":{"type":"object","properties":{"a":true,"b":false}}}',
    '{"name":"x","inputSchema":{"type":"object"},"outputSchema":{"type":"object","properties":{"a":true}}}',
  ])('is one that they take, of %s', (text) => {
    const isTaken = (one: string) =>
      ListToolsResultSchema.safeParse({ tools: [JSON.parse(one) as unknown] }).success;
    expect(isTaken(text)).toBe(false);
    expect(isTaken(shown(text))).toBe(true);
  });

  it('means the same, and keeps every other byte', () => {
    const text =
      '{"z":1.0,"inputSchema":{"type":"object","properties":{"a":true,"b":false,"c":{"x":2.0}}},"name":"x","outputSchema":{"type":"array"}}';
    expect(shown(text)).toBe(
      '{"z":1.0,"inputSchema":{"type":"object","properties":{"a":{},"b":{"not":{}},"c":{"x":2.0}}},"name":"x"}',
    );
  });
});
