import { expect, test } from 'vitest';
import { canonicalJson } from '../lib/json/canonical-json.js';
import { parseJson } from '../lib/json/parse-json.js';
import { leavesOf } from './argument-leaves.js';

function table(text: string): string[] {
  return leavesOf(canonicalJson(parseJson(text).value)).map(
    ({ path, type, text: value }) => `${path} ${type} ${value}`,
  );
}

test('every value has a row, with the names that lead to it', () => {
  expect(table('{"to":{"iban":"DE1","tags":[]},"lines":[{"n":1.5},null],"ok":true,"x":{}}')).toEqual([
    'lines[0].n number 1.5',
    'lines[1] null null',
    'ok boolean true',
    'to.iban text DE1',
    'to.tags list []',
    'x object {}',
  ]);
});

test('a name that looks like a path is told from one', () => {
  expect(table('{"a.b":1,"a":{"b":2},"":3,"0":4}')).toEqual([
    '["0"] number 4',
    '[""] number 3',
    'a.b number 2',
    '["a.b"] number 1',
  ]);
});

test('integers beyond 2^53 are shown in their own digits, and what looks like their tag is not taken for one', () => {
  expect(table('{"n":12345678901234567890,"o":{"$int":"5"},"l":[{"$$int":1}]}')).toEqual([
    'l[0]["$$int"] number 1',
    'n number 12345678901234567890',
    'o["$int"] text 5',
  ]);
});

test('what would be a table without end is one text', () => {
  const many = JSON.stringify({ all: Array.from({ length: 61 }, (_, index) => index), to: 'x' });
  expect(leavesOf(many).map(({ path, type }) => `${path} ${type}`)).toEqual(['all list', 'to text']);
  const names = JSON.stringify(
    Object.fromEntries(Array.from({ length: 301 }, (_, index) => [`n${index}`, 1])),
  );
  expect(leavesOf(names)).toEqual([{ path: '', titlePath: '', type: 'object', text: names }]);
});

test('text that a secret was taken out of stays text', () => {
  expect(leavesOf('{"a":[redacted]}')).toEqual([
    { path: '', titlePath: '', type: 'text', text: '{"a":[redacted]}' },
  ]);
});
