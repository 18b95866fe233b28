import { expect, test } from 'vitest';
import { isReservedHeader } from '../../upstreams/connectors/http-headers.js';
import { isReserved } from './reserved-headers.js';

const known =
  'Accept Accept-Charset Accept-Encoding Accept-Language Age Allow Authorization Cache-Control Connection ' +
  'Content-Encoding Content-Language Content-Length Content-Location Content-Type Cookie Date DPoP ETag Expect ' +
  'Forwarded From Host If-Match If-None-Match Keep-Alive Last-Event-ID Location Mcp-Method Mcp-Name Mcp-Param-Path ' +
  'Mcp-Protocol-Version Mcp-Session-Id Origin Pragma Prefer Priority Proxy-Authorization Proxy-Connection Range ' +
  'Referer TE Traceparent Tracestate Trailer Transfer-Encoding Upgrade User-Agent Via X-Api-Key X-Forwarded-For';

test('a configuration is refused for exactly the headers that the connector would not send', () => {
  for (const name of known.split(' ')) {
    expect([name, isReserved(name)]).toEqual([name, isReservedHeader(name)]);
  }
});
