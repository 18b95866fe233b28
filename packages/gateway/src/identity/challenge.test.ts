import { expect, test } from 'vitest';
import { challengeText } from './challenge.js';

const resource = {
  publicUrl: 'https://gateway.example',
  issuers: ['https://idp.example'],
  scopes: { tools: ['mcp:call'], all: ['*:*'], audit: ['audit:read'] },
};

test('a challenge leads to the metadata and names at once every scope that would do', () => {
  expect(challengeText(resource, { error: 'insufficient_scope', need: 'mcp:call' })).toBe(
    'Bearer realm="sallyport", error="insufficient_scope", scope="tools all", ' +
      'resource_metadata="https://gateway.example/.well-known/oauth-protected-resource/mcp"',
  );
  expect(challengeText(undefined)).toBe('Bearer realm="sallyport"');
});
