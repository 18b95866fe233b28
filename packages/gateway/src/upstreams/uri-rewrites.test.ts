import { describe, expect, it } from 'vitest';
import { rewriteUris } from './uri-rewrites.js';

const moved = (text: string) => rewriteUris(text, (uri) => (uri.startsWith('ui://') ? `${uri}#moved` : uri));
const after = (value: unknown): unknown => JSON.parse(moved(JSON.stringify(value)));

describe('rewriting of URIs', () => {
  it('reaches links, embedded resources, contents, messages and what apps refer to', () => {
    const meta = { ui: { resourceUri: 'ui://m', x: 1 }, 'ui/resourceUri': 'ui://n', y: 'ui://y' };
    const movedMeta = {
      ui: { resourceUri: 'ui://m#moved', x: 1 },
      'ui/resourceUri': 'ui://n#moved',
      y: 'ui://y',
    };
    expect(
      after({
        content: [
          { type: 'resource_link', uri: 'ui://a', _meta: meta },
          { type: 'resource', resource: { uri: 'ui://b', text: 'ui://text', _meta: meta } },
        ],
        _meta: meta,
      }),
    ).toEqual({
      content: [
        { type: 'resource_link', uri: 'ui://a#moved', _meta: movedMeta },
        { type: 'resource', resource: { uri: 'ui://b#moved', text: 'ui://text', _meta: movedMeta } },
      ],
      _meta: movedMeta,
    });
    expect(after({ contents: [{ uri: 'ui://c', text: '' }] })).toEqual({
      contents: [{ uri: 'ui://c#moved', text: '' }],
    });
    const message = (uri: string) => ({ role: 'user', content: { type: 'resource', resource: { uri } } });
    expect(after({ messages: [message('ui://d'), { role: 'user', content: [{ uri: 'ui://e' }] }] })).toEqual({
      messages: [message('ui://d#moved'), { role: 'user', content: [{ uri: 'ui://e#moved' }] }],
    });
    expect(after({ name: 'x', inputSchema: { uri: 'ui://f' }, _meta: meta })).toEqual({
      name: 'x',
      inputSchema: { uri: 'ui://f' },
      _meta: movedMeta,
    });
  });

  it('leaves data of tools, texts and everything of another form alone', () => {
    const text =
      '{ "structuredContent":{"uri":"ui://a","content":[{"uri":"ui://b"}]},"content":[{"type":"text","text":"ui://c"},7,null,"ui://d"],"n":1.0,"contents":{"uri":"ui://e"},"messages":null,"_meta":["ui://f"],"uri":"ui://g" }';
    expect(moved(text)).toBe(text);
    expect(moved('{"content":[{"uri":7},{"uri":{"uri":"ui://x"}}],"content2":[]}')).toContain('"ui://x"');
  });

  it('keeps every other byte, and reads escapes', () => {
    const text = String.raw`{"content":[{"big":12345678901234567890,"f":1.50,"uri":"ui:\/\/a"}],"z":"é"}`;
    expect(moved(text)).toBe(
      '{"content":[{"big":12345678901234567890,"f":1.50,"uri":"ui://a#moved"}],"z":"é"}',
    );
  });
});
