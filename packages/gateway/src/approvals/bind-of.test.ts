import { expect, test } from 'vitest';
import type { Target } from '../model/target.js';
import { type Binding, bindOf } from './bind-of.js';

const target = {
  kind: 'tool',
  exposedName: 'transfer',
  upstream: 'pay',
  name: 'transfer',
  definition: { text: '{}', value: {} },
  inputSchema: {},
  annotations: {},
  digest: 'sha256:d',
} satisfies Target;

const binding: Binding = {
  principal: { id: 'a', credential: 'key:1', tenant: 't', roles: [], labels: {} },
  target,
  method: 'tools/call',
  args: { amount: 5, to: 'x' },
  upstreamDigest: 'sha256:u',
};

test('is the same for the same call, however its arguments are ordered and whichever credential shows', () => {
  const again = {
    ...binding,
    args: { to: 'x', amount: 5 },
    principal: { ...binding.principal, credential: 'key:2' },
  };
  expect(bindOf(again)).toBe(bindOf(binding));
});

test.each<[string, Partial<Binding>]>([
  ['tenant', { principal: { ...binding.principal, tenant: 'u' } }],
  ['caller', { principal: { ...binding.principal, id: 'b' } }],
  ['owner of the key', { principal: { ...binding.principal, labels: { owner: 'olga' } } }],
  ['upstream', { target: { ...target, upstream: 'pay2' } }],
  ['server behind the upstream', { upstreamDigest: 'sha256:v' }],
  ['tool', { target: { ...target, name: 'refund' } }],
  ['definition of the tool', { target: { ...target, digest: 'sha256:e' } }],
  ['method', { method: 'prompts/get' }],
  ['argument', { args: { amount: 5.01, to: 'x' } }],
  ['number that looks like text', { args: { amount: '5', to: 'x' } }],
  ['argument more', { args: { amount: 5, to: 'x', note: '' } }],
  ['member of the params', { more: new Map([['task', '{}']]) }],
])('is another one for another %s', (_what, change) => {
  expect(bindOf({ ...binding, ...change })).not.toBe(bindOf(binding));
});
