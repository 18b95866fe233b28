import { describe, expect, it } from 'vitest';
import { parseJson } from '../lib/json/parse-json.js';
import { importTools } from './import-tools.js';

const secret = 'supersecretvalue';
const redact = (text: string) => text.replaceAll(secret, '[redacted]');
const imported = (...definitions: string[]) => {
  const pages = [parseJson(`[${definitions.join(' , ')}]`)];
  const { items: tools, rejected } = importTools({ pages, redact });
  return { tools, rejected };
};
const withSchema = (schema: string) => imported(`{"name":"x","inputSchema":${schema}}`);

describe('import of tools', () => {
  it('keeps the definition as it was written, unknown members and exact numbers included', () => {
    const text =
      '{ "name":"x", "inputSchema":{"type":"object","properties":{"n":{"maximum":9007199254740993}}},"z":1.0 }';
    expect(imported(text).tools[0]?.definition.text).toBe(text);
  });

  it('takes known secrets out of a definition, out of its value as out of its text', () => {
    const schema = `{"type":"object","properties":{"a":{"type":"string","default":"${secret}"}}}`;
    const [tool] = imported(`{"name":"x","description":"uses ${secret}","inputSchema":${schema}}`).tools;
    expect(tool?.definition.text).toContain('"description":"uses [redacted]"');
    expect(JSON.stringify(tool)).not.toContain(secret);
  });

  it('tells no secret of a definition that it refuses', () => {
    const twice = `{"name":"x","${secret}":1,"[redacted]":1,"inputSchema":{"type":"object"}}`;
    const { tools, rejected } = imported(`{"name":"call ${secret}"}`, twice, `{"name":"${secret}"}`);
    expect(tools).toEqual([]);
    expect(rejected).toHaveLength(3);
    expect(JSON.stringify(rejected)).not.toContain(secret);
    const long = `${'x'.repeat(120)}${secret}`;
    expect(JSON.stringify(imported(`{"name":"${long}"}`).rejected)).not.toContain('xsuper');
  });

  it('refuses names that are not plain ASCII, and the others of that upstream stay', () => {
    for (const name of ['', 'a b', 'сreate', 'a/b', 'a\\u0000b', 'x'.repeat(129), '=x']) {
      const { tools, rejected } = imported(
        `{"name":"${name}","inputSchema":{"type":"object"}}`,
        '{"name":"ok","inputSchema":{"type":"object"}}',
      );
      expect(tools.map((tool) => tool.name)).toEqual(['ok']);
      expect(rejected).toHaveLength(1);
    }
  });

  it('refuses both of two names that differ in case only, or not at all', () => {
    const schema = '"inputSchema":{"type":"object"}';
    for (const twin of ['read', 'READ']) {
      const { tools, rejected } = imported(`{"name":"read",${schema}}`, `{"name":"${twin}",${schema}}`);
      expect(tools).toEqual([]);
      expect(rejected.map(({ what, name }) => [what, name])).toEqual([
        ['tool', 'read'],
        ['tool', twin],
      ]);
    }
  });

  it('refuses a definition without an object schema', () => {
    for (const definition of [
      '{"name":"x"}',
      '{"name":"x","inputSchema":[]}',
      '{"name":"x","inputSchema":{"type":"string"}}',
      '7',
      'null',
      '[]',
    ]) {
      expect(imported(definition).tools).toEqual([]);
      expect(imported(definition).rejected).toHaveLength(1);
    }
  });

  it('refuses schemas that refer to other documents, at any depth, and no others', () => {
    const bad = '{"type":"object","properties":{"a":{"anyOf":[{"items":{"$ref":"https://example.com/s"}}]}}}';
    const good =
      '{"type":"object","properties":{"$ref":{"type":"string","default":{"$ref":"x"}},"b":{"$ref":"#/$defs/c"}},"$defs":{"c":{}}}';
    expect(withSchema(bad).rejected[0]?.reason).toContain('another document');
    expect(withSchema(good).tools).toHaveLength(1);
    const output = imported(
      '{"name":"x","inputSchema":{"type":"object"},"outputSchema":{"$ref":"file:///etc/passwd"}}',
    );
    expect(output.rejected).toHaveLength(1);
  });

  it('refuses definitions that are too deep or too long', () => {
    const deep = `{"type":"object","properties":${'{"a":'.repeat(45)}{}${'}'.repeat(45)}}`;
    expect(withSchema(deep).rejected[0]?.reason).toContain('deeper');
    const long = `{"type":"object","description":"${'x'.repeat(300_000)}"}`;
    expect(withSchema(long).rejected[0]?.reason).toContain('characters');
  });

  it('refuses annotations for headers that the protocol forbids', () => {
    const forbidden = [
      '{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A B"}}}',
      '{"type":"object","properties":{"a":{"type":"string","x-mcp-header":7}}}',
      '{"type":"object","properties":{"a":{"type":"number","x-mcp-header":"A"}}}',
      '{"type":"object","properties":{"a":{"type":"array","items":{"type":"string","x-mcp-header":"A"}}}}',
      '{"type":"object","x-mcp-header":"A"}',
      '{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A"},"b":{"type":"string","x-mcp-header":"a"}}}',
    ];
    for (const schema of forbidden) expect(withSchema(schema).rejected[0]?.reason).toContain('x-mcp-header');
    const nested =
      '{"type":"object","properties":{"x-mcp-header":{"type":"object","properties":{"a":{"type":"integer","x-mcp-header":"A"}}}}}';
    expect(withSchema(nested).tools).toHaveLength(1);
  });

  it('digests everything but _meta, whatever the order of members', () => {
    const digestOf = (text: string) => imported(text).tools[0]?.digest;
    const one = digestOf('{"name":"x","inputSchema":{"type":"object"},"_meta":{"a":1}}');
    expect(one).toMatch(/^sha256:[A-Za-z0-9_-]{43}$/);
    expect(digestOf('{"inputSchema":{"type":"object"},"name":"x"}')).toBe(one);
    expect(digestOf('{"inputSchema":{"type":"object"},"name":"x","description":"new"}')).not.toBe(one);
  });

  it('reads the hints that the protocol knows', () => {
    const [tool] = imported(
      '{"name":"x","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true,"title":"X","other":1}}',
    ).tools;
    expect(tool?.annotations).toEqual({ title: 'X', readOnlyHint: true });
  });

  it('refuses members of another type than the protocol says, for which clients would refuse the whole list', () => {
    const members = [
      '"description":5',
      '"title":["x"]',
      '"annotations":[]',
      '"annotations":{"destructiveHint":"no"}',
      '"icons":{}',
      '"icons":[{"src":1}]',
      '"outputSchema":"x"',
      '"_meta":7',
      '"execution":{"taskSupport":true}',
    ];
    for (const member of members) {
      const { tools, rejected } = imported(`{"name":"x","inputSchema":{"type":"object"},${member}}`);
      expect(tools).toEqual([]);
      expect(rejected[0]?.reason).toMatch(/^"[a-zA-Z._[\]0]+" is not \w/);
    }
  });

  it('leaves out members that are null, and only those', () => {
    const text = '{"name":"x","description":null,"inputSchema":{"type":"object","default":null},"a":"null"}';
    const [tool] = imported(text).tools;
    expect(tool?.definition.text).toBe(
      '{"name":"x","inputSchema":{"type":"object","default":null},"a":"null"}',
    );
    expect(tool?.definition.value).toEqual(JSON.parse(tool?.definition.text ?? ''));
  });

  it('refuses both of two names that look alike, naming the other', () => {
    const schema = '"inputSchema":{"type":"object"}';
    for (const twin of ['list-1tems', 'list.ltems', 'LIST_Items']) {
      const { tools, rejected } = imported(
        `{"name":"list_Items",${schema}}`,
        `{"name":"${twin}",${schema}}`,
        `{"name":"other",${schema}}`,
      );
      expect(tools.map(({ name }) => name)).toEqual(['other']);
      expect(rejected.map(({ name }) => name)).toEqual(['list_Items', twin]);
    }
    const [first] = imported(`{"name":"read_0",${schema}}`, `{"name":"read-O",${schema}}`).rejected;
    expect(first?.reason).toContain('"read-O"');
  });

  it('digests of _meta what decides which UI a host shows', () => {
    const digestOf = (meta: string) =>
      imported(`{"name":"x","inputSchema":{"type":"object"},"_meta":${meta}}`).tools[0]?.digest;
    const one = digestOf('{"ui":{"resourceUri":"ui://a"},"b":1}');
    expect(digestOf('{"b":2,"ui":{"resourceUri":"ui://a"}}')).toBe(one);
    expect(digestOf('{"ui":{"resourceUri":"ui://b"}}')).not.toBe(one);
    expect(digestOf('{"ui/resourceUri":"ui://a"}')).not.toBe(digestOf('{}'));
  });
});
