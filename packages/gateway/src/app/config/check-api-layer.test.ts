import { expect, it } from 'vitest';
import { checkApiLayer } from './check-api-layer.js';

it('bounds of what is made over REST must mean something', () => {
  const wrong = {
    apiLayer: { addresses: ['10.0.0.0/8', 'intranet'], secrets: ['env:UPSTREAM_*', 'env:[a-z]'] },
  };
  expect(checkApiLayer(wrong).map(({ path }) => path)).toEqual([
    ['apiLayer', 'addresses', 1],
    ['apiLayer', 'secrets', 1],
  ]);
  expect(
    checkApiLayer({ apiLayer: { addresses: ['::1'], secrets: ['env:A', 'file:/run/secrets/*'] } }),
  ).toEqual([]);
  expect(checkApiLayer({})).toEqual([]);
});
