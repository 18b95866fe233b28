import { expect, test } from 'vitest';
import { configInMemory } from './load-config.js';

const withPrefixes = (...prefixes: string[]) => {
  const issuers = prefixes.map((prefix, n) => ({
    issuer: `https://idp${n}.example`,
    audience: ['sallyport'],
    prefix,
  }));
  return configInMemory({ upstreams: {}, auth: { issuers } }, '/', { environment: {} });
};

test('no name can be of two issuers: none has a prefix that another begins with, or none beside another', async () => {
  for (const prefixes of [
    ['', ''],
    ['', 'corp:'],
    ['corp:', ''],
    ['corp:', 'x/', 'corp:eu:'],
    ['a:', 'a:'],
  ])
    await expect(withPrefixes(...prefixes), prefixes.join(' and ')).rejects.toThrow(
      /auth\.issuers\[\d\]\.prefix: found .*; expected a prefix of its own/,
    );
  for (const prefixes of [[''], ['corp:'], ['corp:', 'other:']])
    await expect(withPrefixes(...prefixes)).resolves.toBeDefined();
});
