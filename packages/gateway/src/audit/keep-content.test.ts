import { describe, expect, it } from 'vitest';
import { commitTo } from '../lib/commitment.js';
import { parseJson } from '../lib/json/parse-json.js';
import { type ContentPolicy, keepContent } from './keep-content.js';

const digests: ContentPolicy = { args: 'digest', result: 'full', maxBytes: 10 };

function canonicalIn(kept: ReturnType<typeof keepContent>, canonical: string) {
  const salt = Buffer.from(kept?.payloads[0]?.salt ?? '', 'base64url');
  return { ...commitTo(canonical, salt) };
}

describe('what is kept of content', () => {
  it('commits to the value at hand, without reading its text again', () => {
    const kept = keepContent('args', { text: 'never read', value: { b: 1n, a: null } }, digests);
    expect(kept?.commitment).toEqual(canonicalIn(kept, '{"a":null,"b":{"$int":"1"}}'));
    const none = keepContent('args', { text: 'never read', value: null }, digests);
    expect(none?.commitment).toEqual(canonicalIn(none, 'null'));
  });

  it('commits to what a text means when nobody has read it', () => {
    const kept = keepContent('result', parseJson('{"b": 1.0, "a": "longer"}'), digests);
    const read = keepContent('result', { text: '{"b": 1.0, "a": "longer"}' }, digests);
    const canonical = '{"a":"longer","b":1}';
    expect(kept?.commitment).toEqual({ cut: true, ...canonicalIn(kept, canonical) });
    expect(read?.commitment).toEqual({ cut: true, ...canonicalIn(read, canonical) });
    expect(read?.payloads[0]).not.toHaveProperty('text');
  });

  it('commits to the text as a string when redaction made its names equal', () => {
    const text = '{"[redacted]":1,"[redacted]":2}';
    const kept = keepContent('args', { text }, digests);
    expect(kept?.commitment).toEqual(canonicalIn(kept, JSON.stringify(text)));
  });
});
