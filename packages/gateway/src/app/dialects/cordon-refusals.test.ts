import { describe, expect, test } from 'vitest';
import { realCordonFile } from './cordon-samples-fixture.js';
import { faultsOfForeign } from './dialect-fixture.js';

describe('what is not understood is refused', () => {
  test.each<[object, object, string]>([
    [{ polcy: 'allow' }, {}, 'unknown key "polcy"'],
    [{ polcy: 'allow' }, {}, 'did you mean "policy"?'],
    [{ policy: 'readonly' }, {}, 'did you mean "read-only"?'],
    [{ tools: { x: 'aprove' } }, {}, 'servers[0].tools.x: found "aprove"'],
    [{ tools: { x: { action: 'allow', why: 'x' } } }, {}, 'unknown key "why"'],
    [{ tools: { x: { reason: 'x' } } }, {}, 'servers[0].tools.x.action: found nothing'],
    [{ tools: { x: { action: 'block', reason: 'a', rationale: 'b' } } }, {}, 'two names of one thing'],
    [{ identifier: 'y' }, {}, 'is another name of "identifier"'],
    [{ transport: 'http' }, {}, 'found "http"; expected "stdio"'],
    [{ command: '' }, {}, 'found ""; expected the program to start'],
    [{ env: { A: 5 } }, {}, 'expected the value of the variable as text'],
    [{}, { upstreams: [] }, 'is another name of "upstreams"'],
    [{}, { gateway: { transport: 'http' } }, 'expected the token'],
    [{}, { gateway: { transport: 'http', authToken: 'x', listenPort: 70000 } }, 'found 70000'],
    [{}, { gateway: { transport: 'http', auth: { type: 'basic', token: 'x' } } }, 'expected "bearer"'],
    [{}, { approvals: { channel: 'sms' } }, 'approvals.channel: found "sms"'],
    [{}, { approvals: { timeoutMs: -1 } }, 'approvals.timeoutMs: found -1'],
    [{}, { audit: { output: 'sdtout' } }, 'did you mean "stdout"?'],
    [{}, { rateLimit: { maxCallsPerMinute: 0 } }, 'found 0; expected a whole number from 1'],
    [{}, { rateLimit: { perServer: { bd: 5 } } }, 'found "bd", which is no server of this file'],
    [{}, { callGraph: [{ from: 'a*b', to: 'x', action: 'block' }] }, 'expected "*" at the end only'],
    [{}, { callGraph: [{ from: 'a', to: 'x', action: 'deny' }] }, 'callGraph[0].action: found "deny"'],
    [{}, { mcp: {} }, 'unknown key "mcp"'],
    [{ tools: { q: { action: 'sql-read-only', sqlArg: 'a b' } } }, {}, 'expected the name of an argument'],
  ])('%j %j', async (server, rest, reason) => {
    expect((await faultsOfForeign('cordon.json', realCordonFile(server, rest))).join('\n')).toContain(reason);
  });

  test('names that are there twice', async () => {
    const server = { name: 'a', command: 'x' };
    expect(
      (await faultsOfForeign('c.json', JSON.stringify({ servers: [server, server] }))).join('\n'),
    ).toContain('has the name of another server, "a"');
  });
});
