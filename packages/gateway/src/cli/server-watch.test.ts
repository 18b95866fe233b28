import { expect, test } from 'vitest';
import type { UpstreamStatus } from '../model/upstream.js';
import { createServerWatch } from './server-watch.js';

const status = (state: UpstreamStatus['state'], reason?: string): UpstreamStatus[] => [
  {
    id: 'files',
    transport: 'stdio',
    state,
    tools: 0,
    restarts: 0,
    sessions: 0,
    since: 0,
    ...(reason && { reason }),
  },
];

test('knows nothing while the server starts', () => {
  expect(createServerWatch('files')(status('starting'))).toBeUndefined();
  expect(createServerWatch('other')(status('up'))).toBeUndefined();
});

test('tells why a server did not start', () => {
  expect(createServerWatch('files')(status('down', 'no such file'))).toEqual({
    failure: 'files: the server did not start: no such file; try it without sallyport',
  });
});

test('keeps the first thing that happened, whatever comes later', () => {
  const watch = createServerWatch('files');
  expect(watch(status('up'))).toBe('up');
  expect(watch(status('down', 'crashed'))).toBe('up');
});
