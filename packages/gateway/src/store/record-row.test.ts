import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitTo } from '../lib/commitment.js';
import { canonicalJson } from '../lib/json/canonical-json.js';
import type { AuditRecord, JournalEntry } from '../model/record.js';
import { insertedColumns, lineOf, readRecord } from './record-row.js';

const names = insertedColumns.split(', ');
const base = {
  at: '2026-11-20T00:00:00.000Z',
  log: 'l',
  tenant: 't',
  type: 'call.decided',
  v: 1,
  writer: 'w',
} as const;

function columnsOf(entry: JournalEntry) {
  return Object.fromEntries(readRecord(lineOf(entry)).row.map((value, index) => [names[index], value]));
}

/** Texts that look like parts of a line, and names that are easily taken for others. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('\\', '"', ',"record":{', ',"tenant":"x"', '}}', '\\ud800', '\u2028', 'ü', '😀'),
);
const name = fc.oneof(
  fc.constantFrom(
    'args',
    'result',
    'tenant',
    'record',
    'payloads',
    'a',
    'z',
    '1',
    '10',
    '9',
    '$int',
    '_x',
    'ü',
  ),
  fc.string({ minLength: 1, maxLength: 3 }),
);
const value = fc.oneof(text, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean());
const nested = fc.oneof(
  value,
  fc.dictionary(name, fc.oneof(value, fc.dictionary(name, value, { maxKeys: 2 })), { maxKeys: 4 }),
  fc.array(value, { maxLength: 2 }),
);
const members = fc.dictionary(name, nested, { maxKeys: 5 });

describe('a row for a record', () => {
  it('holds the RFC 8785 form with the commitment to its content, in whatever order the record was built', () => {
    fc.assert(
      fc.property(
        members,
        fc.boolean(),
        fc.constantFrom('args', 'result', undefined),
        text,
        (more, sorted, part, content) => {
          const record = { ...more, ...base } as AuditRecord;
          fc.pre(!('__proto__' in more && Object.hasOwn(more, '__proto__')));
          const built = (sorted ? JSON.parse(canonicalJson(record)) : record) as AuditRecord;
          fc.pre(!canonicalJson(record).includes('$int') || !sorted);
          const payloads = part === undefined ? [] : [{ part, text: JSON.stringify(content) }];
          const row = columnsOf({ id: content, call: content, record: built, payloads });
          const expected = { ...record } as AuditRecord;
          if (part !== undefined) {
            expected[part] = { ...commitTo(JSON.stringify(content), row.salt as Uint8Array) };
          }
          expect(row.rec).toBe(canonicalJson(JSON.parse(JSON.stringify(expected)) as AuditRecord));
          expect([row.entry, row.part, row.body]).toEqual([
            content,
            part ?? null,
            part === undefined ? null : JSON.stringify(content),
          ]);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['args', '{"args":{"d":"D","n":1},"at":'],
    ['result', ',"result":{"d":"D","n":1},"tenant":'],
  ] as const)('has the commitment to %s at its place', (part, expected) => {
    const { rec } = columnsOf({ id: 'a', record: base, payloads: [{ part, text: '1' }] });
    expect(String(rec).replace(/"d":"[\w-]{43}"/, '"d":"D"')).toContain(expected);
  });

  it('has the commitment before a name that is escaped', () => {
    const record = JSON.parse(canonicalJson({ ...base, 'result\\': 0 })) as AuditRecord;
    const { rec } = columnsOf({ id: 'a', record, payloads: [{ part: 'result', text: '1' }] });
    expect(String(rec).replace(/"d":"[\w-]{43}"/, '"d":"D"')).toBe(
      canonicalJson({ ...record, result: { d: 'D', n: 1 } }),
    );
  });

  it('is not misled by a member of the same name inside another', () => {
    const caller = { id: 'x', tenant: 'other' };
    const record = JSON.parse(canonicalJson({ ...base, caller })) as AuditRecord;
    const { rec } = columnsOf({ id: 'a', record, payloads: [{ part: 'result', text: '1' }] });
    expect(String(rec)).toContain('"caller":{"id":"x","tenant":"other"},"log":"l","result":{');
  });

  it('keeps a record with half of a character anywhere, repaired and with its commitment', () => {
    const half = 'a\ud83d';
    const caller = { id: half, cred: 'key:1', [half]: [half], 'a\ufffd': 1 };
    const entry: JournalEntry = {
      id: 'a',
      call: half,
      record: { ...base, detail: half, caller },
      payloads: [{ part: 'args', text: JSON.stringify(half) }],
    };
    const row = columnsOf(entry);
    expect(JSON.parse(String(row.rec))).toEqual({
      ...base,
      args: { ...commitTo('"\\"a\\\\ud83d\\""', row.salt as Uint8Array) },
      detail: 'a\ufffd',
      caller: { id: 'a\ufffd', cred: 'key:1', 'a\ufffd\ufffd': ['a\ufffd'], 'a\ufffd': 1 },
    });
    expect([row.call, row.caller]).toEqual(['a\ufffd', 'a\ufffd']);
    expect(row.rec).toBe(canonicalJson(JSON.parse(String(row.rec)) as AuditRecord));
  });
});
