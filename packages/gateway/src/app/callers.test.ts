import { expect, it } from 'vitest';
import { Broker } from '../credentials/broker.js';
import { createEnvSource } from '../credentials/sources/env.js';
import { LiveTokens } from '../identity/live-tokens.js';
import { systemClock } from '../lib/clock.js';
import { createGatekeeper } from './callers.js';
import { configInMemory } from './config/load-config.js';

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const store = { secretFile: () => new Uint8Array(32).fill(7), keys: {} } as never;

async function marksOf(environment: Record<string, string>): Promise<(string | undefined)[]> {
  const token = { principal: 'ann', tokens: ['env:ONE', 'env:TWO'], roles: ['admin'] };
  const whole = { upstreams: {}, auth: { tokens: [token] } };
  const config = await configInMemory(whole as never, '/tmp', { environment });
  const broker = new Broker({ sources: [createEnvSource(environment)], clock: systemClock });
  const parts = { config, store, broker, clock: systemClock, log, liveTokens: new LiveTokens() };
  const gatekeeper = await createGatekeeper(parts);
  return ['token:ann', 'token:ann/2', 'token:ann/3', 'key:ann'].map((one) => gatekeeper.tokenMark(one));
}

it('a mark tells the value of a token from the next at its place, is the same after a restart, and is no value', async () => {
  const before = await marksOf({ ONE: 'old-value-one', TWO: 'value-two' });
  const after = await marksOf({ ONE: 'new-value-one', TWO: 'value-two' });
  expect(before[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(after[0]).not.toBe(before[0]);
  expect(after[1]).toBe(before[1]);
  expect(after.slice(2)).toEqual([undefined, undefined]);
});
