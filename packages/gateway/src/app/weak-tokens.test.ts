import { expect, it } from 'vitest';
import { Broker } from '../credentials/broker.js';
import { createEnvSource } from '../credentials/sources/env.js';
import { systemClock } from '../lib/clock.js';
import { configInMemory } from './config/load-config.js';
import { weakTokens } from './weak-tokens.js';

const strong = 'Vq3uW8xk1nJt5rYz7pLb2mHc';

async function pathsOf(config: object, environment: Record<string, string>): Promise<string[]> {
  const token = { principal: 'ann', tokens: ['env:ONE', 'env:TWO'], roles: ['admin'] };
  const whole = { upstreams: {}, auth: { tokens: [token] }, ...config };
  const effective = await configInMemory(whole as never, '/tmp', { environment });
  const broker = new Broker({ sources: [createEnvSource(environment)], clock: systemClock });
  return (await weakTokens(effective, broker)).map(({ path }) => path);
}

const everywhere = { listen: { host: '0.0.0.0' } };

it('a gateway that others can reach takes no token that can be guessed, whoever has it', async () => {
  const approvals = { adminToken: 'env:ADMIN' };
  const found = await pathsOf({ ...everywhere, approvals }, { ONE: strong, TWO: 'changeme', ADMIN: 'admin' });
  expect(found).toEqual(['auth.tokens[0].tokens[1]', 'approvals.adminToken']);
  expect(await pathsOf(everywhere, { ONE: strong, TWO: strong, MCP_PROXY_ADMIN_TOKEN: 'admin' })).toEqual([
    'approvals.adminToken',
  ]);
  expect(await pathsOf({ control: { host: '0.0.0.0', port: 7778 } }, { ONE: strong, TWO: 'x' })).toEqual([
    'auth.tokens[0].tokens[1]',
  ]);
});

it('a gateway that a proxy brings requests of others to is one that others can reach', async () => {
  const behind = { listen: { allowedHosts: ['gateway.example'] } };
  expect(await pathsOf(behind, { ONE: strong, TWO: 'changeme' })).toEqual(['auth.tokens[0].tokens[1]']);
});

it('among programs of one machine it may be short; beyond it one that cannot be read is none', async () => {
  expect(await pathsOf({}, { ONE: 'one', TWO: 'two' })).toEqual([]);
  expect(await pathsOf(everywhere, { ONE: strong })).toEqual(['auth.tokens[0].tokens[1]']);
});
