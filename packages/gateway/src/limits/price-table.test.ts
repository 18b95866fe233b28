import { expect, test } from 'vitest';
import type { Target } from '../model/target.js';
import { PriceTable } from './price-table.js';

function tool(exposedName: string): Target {
  const definition = { text: '{}', value: {} };
  const common = { upstream: 'u', definition, inputSchema: {}, annotations: {}, digest: 'sha256:x' };
  return { kind: 'tool', exposedName, name: exposedName, ...common };
}

test('the first price in force counts, from its first instant to before its last', () => {
  const prices = new PriceTable([
    { tools: ['search_*'], micros: 2n, from: 100, until: 200 },
    { tools: ['search_web', '{ask,tell}'], micros: 5n },
  ]);
  const priceAt = (name: string, at: number) => prices.priceOf(tool(name), at);
  expect([99, 100, 199, 200].map((at) => priceAt('search_web', at))).toEqual([5n, 2n, 2n, 5n]);
  expect(priceAt('search_x', 99)).toBeUndefined();
  expect(priceAt('tell', 0)).toBe(5n);
});

test('a tool has its price by any of its names, so that a prefix does not make it free', () => {
  const prefixed: Target = { ...tool('look'), exposedName: 'u__look' } as Target;
  for (const name of ['look', 'u__look', 'u:look'])
    expect(new PriceTable([{ tools: [name], micros: 7n }]).priceOf(prefixed, 0)).toBe(7n);
  expect(new PriceTable([{ tools: ['other:look'], micros: 7n }]).priceOf(prefixed, 0)).toBeUndefined();
});

test('only tools have prices', () => {
  const prices = new PriceTable([{ tools: ['*'], micros: 1n }]);
  const resource: Target = { kind: 'resource', exposedName: 'file:///x', upstream: 'u', name: 'file:///x' };
  expect(prices.priceOf(resource, 0)).toBeUndefined();
});
