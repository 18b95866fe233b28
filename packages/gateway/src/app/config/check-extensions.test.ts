import { expect, test } from 'vitest';
import { checkExtensions } from './check-extensions.js';

const upstreams = { calc: { command: 'calc' }, files: { command: 'files' } };

function problemsOf(more: object): string[] {
  return checkExtensions({ upstreams, ...more }).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

const relay = (...entries: object[]) => ({ extensions: { relay: entries } });

test('extensions with methods of one upstream, and such without methods, are fine', () => {
  const entries = [
    { name: 'com.example/sum', methods: ['sum/add', 'sum/sub'], upstream: 'calc' },
    { name: 'io.modelcontextprotocol/ui' },
  ];
  expect(problemsOf(relay(...entries))).toEqual([]);
});

test('methods need an upstream that there is, and one only', () => {
  expect(problemsOf(relay({ name: 'a/b', methods: ['x/y'] }))).toEqual([
    'extensions.relay.0.upstream: found nothing; expected the id of an upstream, because there are methods to relay',
  ]);
  expect(problemsOf(relay({ name: 'a/b', methods: ['x/y'], upstream: 'clac' }))).toEqual([
    'extensions.relay.0.upstream: found "clac"; expected the id of an upstream; did you mean "calc"?',
  ]);
  const twice = { name: 'a/b', methods: ['x/y'], upstream: 'calc' };
  expect(problemsOf(relay(twice, { ...twice, upstream: 'files' }))).toEqual([
    'extensions.relay.1.methods.0: found "x/y", which extensions.relay[0] has too; expected a method that is relayed once',
  ]);
});

test('instructions are those of upstreams that there are', () => {
  expect(problemsOf({ instructions: { upstreams: ['calc', 'nobody'] } })).toEqual([
    'instructions.upstreams.1: found "nobody"; expected the id of an upstream',
  ]);
});
