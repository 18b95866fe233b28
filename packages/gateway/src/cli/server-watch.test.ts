import { expect, test } from 'vitest';
import { createServerWatch } from './server-watch.js';

const at = (gateway: boolean, server: boolean) => ({
  readiness: () => ({
    ready: gateway,
    checks: {
      gateway: { ok: gateway },
      'upstream a': server ? { ok: true } : { ok: false, reason: 'exited with 3' },
    },
  }),
});

test('says nothing while the server may still come up', () => {
  expect(createServerWatch('a')(at(false, false))).toBeUndefined();
});

test('says why a server did not start', () => {
  expect(createServerWatch('a')(at(true, false))).toContain('a: the server did not start: exited with 3');
});

test('says nothing of a server that came up and went down later', () => {
  const watch = createServerWatch('a');
  expect([at(true, true), at(true, false)].map(watch)).toEqual([undefined, undefined]);
});
