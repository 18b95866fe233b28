import { expect, test } from 'vitest';
import { challengeText, isMetadataPath } from './protected-resource.js';

const resource = {
  publicUrl: 'https://gateway.example',
  issuers: ['https://idp.example'],
  scopes: ['a', 'b'],
};

test('a challenge leads to the metadata and names every scope at once', () => {
  expect(challengeText(resource, { error: 'insufficient_scope' })).toBe(
    'Bearer realm="sallyport", error="insufficient_scope", scope="a b", ' +
      'resource_metadata="https://gateway.example/.well-known/oauth-protected-resource/mcp"',
  );
  expect(challengeText(undefined)).toBe('Bearer realm="sallyport"');
});

test.each([
  ['/.well-known/oauth-protected-resource', true],
  ['/.well-known/oauth-protected-resource/mcp', true],
  ['/.well-known/oauth-protected-resourceX', false],
  ['/mcp', false],
])('%s is a path of the metadata: %s', (path, is) => {
  expect(isMetadataPath(path)).toBe(is);
});
