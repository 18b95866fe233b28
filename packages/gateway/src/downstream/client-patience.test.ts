import { expect, test } from 'vitest';
import { patienceOf } from './client-patience.js';

const named = (name: string) => ({ info: JSON.stringify({ name, version: '1' }) });

test.each([
  ['codex-mcp-client', 55_000],
  ['claude-code', 295_000],
  ['anything-else', 55_000],
  ['constructor', 55_000],
])('%s is known to wait %i ms', (name, ms) => {
  expect(patienceOf(named(name), {})).toBe(ms);
});

test('a client without a name waits as all others do', () => {
  expect(patienceOf({}, {})).toBe(55_000);
  expect(patienceOf({ info: '[]' }, { '*': 7 })).toBe(7);
});

test('the configuration comes before what is known, its rule for all others last', () => {
  const configured = { 'claude-code': 1, '*': 2 };
  expect(patienceOf(named('claude-code'), configured)).toBe(1);
  expect(patienceOf(named('codex-mcp-client'), configured)).toBe(55_000);
  expect(patienceOf(named('other'), configured)).toBe(2);
});
