import { expect, test } from 'vitest';
import { isMetadataPath } from './protected-resource.js';

test.each([
  ['/.well-known/oauth-protected-resource', true],
  ['/.well-known/oauth-protected-resource/mcp', true],
  ['/.well-known/oauth-protected-resourceX', false],
  ['/mcp', false],
])('%s is a path of the metadata: %s', (path, is) => {
  expect(isMetadataPath(path)).toBe(is);
});
