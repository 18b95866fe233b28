import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { permits } from '../model/principal.js';
import { openStore, type Store } from '../store/open-store.js';
import { AuthenticationFailure } from './authentication-failure.js';
import { ApiKeyAuthenticator } from './authenticators/api-key.js';
import { KeyRing } from './key-ring.js';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const hourMs = 3600 * 1000;
const dayMs = 24 * hourMs;
let now: number;
const clock = { now: () => now, after: () => () => {} };
let directory: string;
let store: Store;
let ring: KeyRing;
let authenticator: ApiKeyAuthenticator;

beforeEach(async () => {
  now = Date.UTC(2026, 10, 20, 8, 30);
  directory = mkdtempSync(join(tmpdir(), 'sallyport-ring-'));
  store = await openStore({ directory, durability: 'process', clock, log: silent, writer: false });
  const pepper = store.secretFile('key-pepper', 32);
  ring = new KeyRing({ keys: store.keys, pepper, clock });
  authenticator = new ApiKeyAuthenticator({ keys: store.keys, pepper, clock, log: silent });
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

/** What the authenticator makes of a key: the principal's id, the reason of the refusal, or undefined. */
function tryKey(text: string): string | undefined {
  try {
    return authenticator.authenticate(text)?.id;
  } catch (cause) {
    return cause instanceof AuthenticationFailure ? cause.reason : String(cause);
  }
}

describe('a key that is narrowed', () => {
  it('permits what its scopes cover and nothing else, and so do those that replace it', async () => {
    const made = await ring.create({ principal: 'a', roles: ['admin'], grants: ['audit:*', '*:read'] });
    for (const { text } of [made, await ring.rotate(made.key.id)]) {
      const principal = authenticator.authenticate(text);
      const may = (need: string) => principal !== undefined && permits(principal, need);
      expect(['audit:read', 'keys:read', 'keys:write', 'mcp:call'].map(may)).toEqual([
        true,
        true,
        false,
        false,
      ]);
    }
    const whole = await ring.create({ principal: 'a', roles: ['admin'] });
    expect(authenticator.authenticate(whole.text)).not.toHaveProperty('grants');
  });

  it.each([['audit'], ['audit:write'], ['audits:read'], ['audit:read:x'], ['constructor:read'], ['']])(
    'is not made with the scope "%s", which covers nothing',
    async (grant) => {
      await expect(ring.create({ principal: 'a', grants: [grant] })).rejects.toMatchObject({
        code: 'invalid',
      });
    },
  );
});

describe('the first key', () => {
  it('is made once, whoever asks at the same time, and never after there was any', async () => {
    const made = await Promise.all(
      ['a', 'b'].map((principal) => ring.createFirst({ principal, roles: ['admin'] })),
    );
    expect(made.filter((one) => one !== undefined)).toHaveLength(1);
    await ring.revoke(made.find((one) => one !== undefined)?.key.id ?? '');
    expect(await ring.createFirst({ principal: 'c' })).toBeUndefined();
  });
});

describe('API keys', () => {
  it('identify their principal with its roles and labels', async () => {
    const { text, key } = await ring.create({
      principal: 'agent-a',
      tenant: 't1',
      roles: ['auditor'],
      labels: { team: 'x' },
    });
    expect(authenticator.authenticate(text)).toEqual({
      id: 'agent-a',
      credential: `key:${key.id}`,
      tenant: 't1',
      roles: ['auditor'],
      labels: { team: 'x' },
    });
  });

  it('are nowhere in the data directory', async () => {
    const { text, key } = await ring.create({ principal: 'agent-a' });
    const secret = text.slice(`sp_live_${key.id}_`.length, -7);
    const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((file) =>
      file.isFile(),
    );
    expect(files.length).toBeGreaterThan(1);
    for (const file of files)
      expect(readFileSync(join(file.parentPath, file.name)).includes(secret)).toBe(false);
    expect(JSON.stringify(await ring.list())).not.toContain('hash');
  });

  it('end after 90 days unless told otherwise', async () => {
    const usual = await ring.create({ principal: 'a' });
    const short = await ring.create({ principal: 'b', expiresAfterMs: hourMs });
    const endless = await ring.create({ principal: 'c', expiresAfterMs: 'never' });
    const states = () => [usual, short, endless].map(({ text }) => tryKey(text));
    now += hourMs - 1;
    expect(states()).toEqual(['a', 'b', 'c']);
    now += 1;
    expect(states()).toEqual(['a', 'expired', 'c']);
    now += 90 * dayMs;
    expect(states()).toEqual(['expired', 'expired', 'c']);
    const listed = new Map((await ring.list()).map(({ principal, state }) => [principal, state]));
    expect(Object.fromEntries(listed)).toEqual({ a: 'expired', b: 'expired', c: 'active' });
  });

  it('are refused once revoked, and revoked only once', async () => {
    const { text, key } = await ring.create({ principal: 'a' });
    expect((await ring.revoke(key.id)).state).toBe('revoked');
    expect(tryKey(text)).toBe('revoked');
    await expect(ring.revoke(key.id)).rejects.toMatchObject({ code: 'revoked' });
    await expect(ring.revoke('nosuchid')).rejects.toMatchObject({ code: 'unknown' });
  });

  it('work beside their successor for the overlap and not after', async () => {
    const old = await ring.create({ principal: 'a', roles: ['operator'], labels: { team: 'x' } });
    const next = await ring.rotate(old.key.id);
    expect(next.key).toMatchObject({
      principal: 'a',
      roles: ['operator'],
      labels: { team: 'x' },
      rotatedFrom: old.key.id,
    });
    expect(next.key.expiresAt).toBe(now + 90 * dayMs);
    now += dayMs - 1;
    expect([tryKey(old.text), tryKey(next.text)]).toEqual(['a', 'a']);
    now += 1;
    expect([tryKey(old.text), tryKey(next.text)]).toEqual(['expired', 'a']);
  });

  it('are at most two at a time in one chain of rotations', async () => {
    const first = await ring.create({ principal: 'a' });
    const second = await ring.rotate(first.key.id, { overlapMs: hourMs });
    await expect(ring.rotate(first.key.id)).rejects.toMatchObject({ code: 'rotation_pending' });
    await expect(ring.rotate(second.key.id)).rejects.toMatchObject({ code: 'rotation_pending' });
    now += hourMs;
    await expect(ring.rotate(first.key.id)).rejects.toMatchObject({ code: 'expired' });
    const third = await ring.rotate(second.key.id, { overlapMs: 0 });
    expect([tryKey(second.text), tryKey(third.text)]).toEqual(['expired', 'a']);
  });

  it('do not live longer by being rotated', async () => {
    const old = await ring.create({ principal: 'a', expiresAfterMs: hourMs });
    await ring.rotate(old.key.id, { overlapMs: dayMs });
    now += hourMs;
    expect(tryKey(old.text)).toBe('expired');
  });

  it('remember the hour of their last use', async () => {
    const { text, key } = await ring.create({ principal: 'a' });
    authenticator.authenticate(text);
    await expect.poll(() => store.keys.find(key.id)?.lastUsedAt).toBe(Date.UTC(2026, 10, 20, 8));
  });

  it('are refused with the right id and a wrong secret, whatever their state', async () => {
    const mine = await ring.create({ principal: 'a' });
    const pepper = store.secretFile('key-pepper', 32);
    await ring.revoke(mine.key.id);
    const forged = new ApiKeyAuthenticator({
      keys: store.keys,
      pepper: pepper.map((byte) => byte ^ 1),
      clock,
      log: silent,
    });
    expect(forged.authenticate(mine.text)).toBeUndefined();
  });

  it.each([
    [{ principal: '' }],
    [{ principal: 'a', expiresAfterMs: 0 }],
    [{ principal: 'a', expiresAfterMs: Number.NaN }],
  ])('cannot be made from %j', async (wanted) => {
    await expect(ring.create(wanted)).rejects.toMatchObject({ code: 'invalid' });
  });
});
