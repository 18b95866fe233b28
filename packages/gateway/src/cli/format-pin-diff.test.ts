import { expect, test } from 'vitest';
import type { JsonValue } from '../model/json.js';
import type { Pin } from '../store/pin.js';
import { pinDiffJson, pinDiffLines } from './format-pin-diff.js';

const at = Date.UTC(2026, 10, 20, 9, 11);
const pin: Pin = {
  upstream: 'files',
  kind: 'tool',
  name: 'read',
  accepted: { digest: 'sha256:aaaaaaaaaaaaaaaa', by: 'cli:ada', at },
  offered: 'sha256:bbbbbbbbbbbbbbbb',
  present: true,
  firstSeen: at,
  lastSeen: at,
};

function lines(accepted: JsonValue | undefined, offered: JsonValue): string[] {
  const { accepted: decision, ...fresh } = pin;
  return pinDiffLines(
    reviewed(accepted === undefined ? fresh : { ...fresh, accepted: decision }, accepted, offered),
  );
}

function reviewed(
  one: Omit<Pin, 'accepted'> & { accepted?: Pin['accepted'] },
  accepted: JsonValue | undefined,
  offered: JsonValue,
) {
  return {
    pin: one as Pin,
    definitions: {
      ...(accepted === undefined
        ? {}
        : { accepted: { digest: 'sha256:aaaaaaaaaaaaaaaa', text: JSON.stringify(accepted) } }),
      offered: { digest: 'sha256:bbbbbbbbbbbbbbbb', text: JSON.stringify(offered) },
    },
  };
}

test('shows each changed member with what it was and what it is', () => {
  const [head, ...rest] = lines(
    { description: 'Reads.', inputSchema: { properties: { path: { type: 'string' } } }, title: 'Read' },
    {
      description: 'Reads. <IMPORTANT>',
      inputSchema: { properties: { path: { type: 'string', 'de fault': 1 } } },
    },
  );
  expect(head).toMatch(/^files:read \(tool\), changed, accepted on 2026-11-2\d \d\d:\d\d by cli:ada$/);
  expect(rest).toEqual([
    '  description',
    '    - "Reads."',
    '    + "Reads. <IMPORTANT>"',
    '  inputSchema.properties.path["de fault"]',
    '    + 1',
    '  title',
    '    - "Read"',
    '  definition offered: sha256:bbbbbbbbbbbbbbbb',
  ]);
});

test('shows changed lines of a long text whole, and says how many around them are as before', () => {
  const text = (middle: string) => ({ description: `one\ntwo\n${middle}\nlast` });
  expect(lines(text('three'), text('three\nfour')).slice(1, -1)).toEqual([
    '  description',
    '      (3 lines as before)',
    '    + "four"',
    '      (1 line as before)',
  ]);
});

test('shows hidden and look-alike characters as escapes, and names them', () => {
  const shown = lines({ description: 'Adds.' }, { description: 'Adds\u200b p\u0430ypal \u001b[31m' });
  expect(shown.slice(1, -1)).toEqual([
    '  description',
    '    - "Adds."',
    '    + "Adds\\u{200b} p\\u{430}ypal \\u001b[31m"',
    '  hidden or look-alike characters, shown as escapes: U+200B, U+0430, U+001B',
  ]);
});

test('shows all of a definition that nobody has accepted', () => {
  expect(lines(undefined, { name: 'read', inputSchema: { type: 'object', required: [] } })).toEqual([
    'files:read (tool), new: nobody has accepted it',
    '  name',
    '    + "read"',
    '  inputSchema.type',
    '    + "object"',
    '  inputSchema.required',
    '    + []',
    '  definition offered: sha256:bbbbbbbbbbbbbbbb',
  ]);
});

test('gives programs both definitions and the changes as data', () => {
  const json = pinDiffJson(reviewed(pin, { description: 'a' }, { description: 'b\u200b' }));
  expect(json).toMatchObject({
    upstream: 'files',
    name: 'read',
    state: 'changed',
    definitions: { accepted: { description: 'a' }, offered: { description: 'b\u200b' } },
    changes: [{ path: ['description'], before: 'a', after: 'b\u200b' }],
    oddCharacters: ['U+200B'],
  });
});
