import { expect, test } from 'vitest';
import type { RecordFilter, RecordRow } from '../store/record-table.js';
import { createServerWatch } from './server-watch.js';

const common = { v: 1, at: '2026-11-20T00:00:00.000Z', log: 'l', tenant: 't', upstream: 'a' } as const;
const row = (type: 'up' | 'down', pid: number): RecordRow => ({
  id: 1,
  entry: 'e',
  record: { ...common, type: `upstream.${type}`, writer: `host/${pid}`, reason: 'exited with 3' },
  payloads: {},
});
const asked: RecordFilter[] = [];
const recordsOf = (...rows: RecordRow[]) => ({
  query: (filter: RecordFilter) => {
    asked.push(filter);
    return Promise.resolve(rows);
  },
});

test('says nothing while the server may still come up', async () => {
  expect(await createServerWatch('a', 7)(recordsOf())).toBeUndefined();
  expect(asked.at(-1)).toMatchObject({ upstream: 'a', type: ['upstream.up', 'upstream.down'], order: 'asc' });
});

test('says why a server did not start', async () => {
  const failure = 'a: the server did not start: exited with 3; try it without sallyport';
  expect(await createServerWatch('a', 7)(recordsOf(row('down', 7), row('up', 7)))).toEqual({ failure });
});

test('says nothing else of a server that came up and went down later', async () => {
  expect(await createServerWatch('a', 7)(recordsOf(row('up', 7), row('down', 7)))).toBe('up');
});

test('knows its own server from that of another process on the same trail', async () => {
  const watch = createServerWatch('a', 7);
  expect(await watch(recordsOf(row('down', 17)))).toBeUndefined();
  expect(await watch(recordsOf(row('down', 17), row('up', 7)))).toBe('up');
});
