import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../../../test/fixtures/upstreams/manual-clock.js';
import { isoTime } from '../lib/clock.js';
import type { Principal } from '../model/principal.js';
import { holdsScope, type Session } from '../model/session.js';
import { migrate } from '../store/migrate.js';
import { SqliteSessionTable } from '../store/session-table.js';
import { openSqlite, type Sqlite } from '../store/sqlite.js';
import { SessionDesk } from './session-desk.js';
import type { SessionWish } from './session-wish.js';

let folder = '';
let sqlite: Sqlite;
let clock: ManualClock;
let desk: SessionDesk;
let recorded: object[] = [];
let allowEndless = false;
let isWritable = true;

const owner: Principal = { id: 'bot', credential: 'key:1', tenant: 'default', roles: ['agent'], labels: {} };
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-sessions-'));
  sqlite = openSqlite(join(folder, 'test.db'));
  migrate(sqlite, 0);
  clock = new ManualClock();
  recorded = [];
  allowEndless = false;
  isWritable = true;
  desk = newDesk();
});

afterEach(() => {
  sqlite.close();
  rmSync(folder, { recursive: true, force: true });
});

function newDesk(): SessionDesk {
  return new SessionDesk({
    table: new SqliteSessionTable(sqlite),
    clock,
    log: silent,
    async record(type, members) {
      if (!isWritable) throw new Error('the disk is full');
      recorded.push({ type, ...members });
    },
    allowEndless: () => allowEndless,
  });
}

const create = (wish: Partial<SessionWish> = {}, parent?: Session) =>
  desk.create(owner, { agent: 'research-bot', ...wish }, { parent });

describe('a session', () => {
  test('is what was asked for, and is found by its token and by its name', async () => {
    const { token, session } = await create({ scopes: ['read', 'browse', 'spend:25'], ttlSeconds: 3600 });
    expect(token).toMatch(/^ses_[\w-]{32}$/);
    expect(session).toMatchObject({
      id: expect.stringMatching(/^sn_[\w-]{16}$/),
      scopes: ['read', 'browse', 'spend'],
      expiresAt: clock.now() + 3_600_000,
    });
    expect(session.budgets).toEqual([{ session: session.id, micros: 25_000_000n, until: session.expiresAt }]);
    expect(desk.find(token, owner)).toEqual(session);
    expect(desk.find(session.id, owner)).toEqual(session);
    expect(desk.isLive(session.id)).toBe(true);
  });

  test('is not there for another key, principal or tenant, once it is over, revoked, or never was', async () => {
    const { token, session } = await create({ ttlSeconds: 10 });
    for (const other of [{ credential: 'key:2' }, { id: 'other' }, { tenant: 'other' }])
      expect(desk.find(token, { ...owner, ...other })).toBeUndefined();
    expect(desk.find(`ses_${'x'.repeat(32)}`, owner)).toBeUndefined();
    expect(desk.find('', owner)).toBeUndefined();
    await clock.advance(10_000);
    expect(desk.find(token, owner)).toBeUndefined();
    expect(desk.isLive(session.id)).toBe(false);
    const next = await create();
    expect(await desk.revoke(next.session, 'bot')).toBe(true);
    expect(desk.find(next.token, owner)).toBeUndefined();
    expect(await desk.revoke(next.session, 'bot')).toBe(false);
  });

  test('made with an access token counts with the next one of the same caller, and with no key', async () => {
    const first = { ...owner, credential: 'jwt:1' };
    const { token } = await desk.create(first, { agent: 'bot' });
    expect(desk.find(token, { ...first, credential: 'jwt:2' })).toBeDefined();
    expect(desk.find(token, owner)).toBeUndefined();
    expect(desk.find(token, { ...first, id: 'other' })).toBeUndefined();
  });

  test('that another process revokes is gone within a second', async () => {
    const { token, session } = await create();
    expect(desk.find(token, owner)).toBeDefined();
    await newDesk().revoke(session, 'cli');
    await clock.advance(1000);
    expect(desk.find(token, owner)).toBeUndefined();
    expect(desk.isLive(session.id)).toBe(false);
  });

  test('is read from the database once a second at most, however often it is used', async () => {
    const { token } = await create();
    let reads = 0;
    const table = new SqliteSessionTable(sqlite);
    const counted = new SessionDesk({
      table: new Proxy(table, {
        get(target, name) {
          if (name === 'find' || name === 'findByToken') reads += 1;
          const member = Reflect.get(target, name) as unknown;
          return typeof member === 'function' ? (member.bind(target) as unknown) : member;
        },
      }),
      clock,
      log: silent,
      record: () => Promise.resolve(),
      allowEndless: () => false,
    });
    for (let call = 0; call < 1000; call += 1) counted.isLive(counted.find(token, owner)?.id ?? '');
    expect(reads).toBe(1);
  });

  test('survives a restart with a budget larger than a double holds', async () => {
    const { token, session } = await create({ budget: '8999999.999999' });
    expect(newDesk().find(token, owner)).toEqual(session);
  });

  test('without an end is made only where the operator allows it', async () => {
    await expect(create({ ttlSeconds: 0 })).rejects.toThrow('does not allow');
    allowEndless = true;
    expect((await create({ ttlSeconds: 0 })).session).not.toHaveProperty('expiresAt');
  });

  test.each<[Partial<SessionWish>, string]>([
    [{ scopes: ['reed'] }, '"reed" is no scope'],
    [{ scopes: ['read:5'] }, '"read:5" is no scope'],
    [{ scopes: ['spend:-5'] }, '"-5" is no amount'],
    [{ scopes: ['spend:1e9'] }, '"1e9" is no amount'],
    [{ scopes: ['spend:'] }, '"" is no amount'],
    [{ scopes: ['spend:1:2'] }, 'is no scope'],
    [{ scopes: [] }, 'at least one'],
    [{ budget: Number.NaN }, 'is no amount'],
    [{ ttlSeconds: -1 }, 'from 0 to 2592000'],
    [{ ttlSeconds: 1.5 }, 'whole seconds'],
    [{ ttlSeconds: 2_592_001 }, '30 days'],
    [{ agent: '' }, '1 to 128'],
    [{ agent: 'a\u001b[2J' }, 'control characters'],
    [{ agent: 'x'.repeat(129) }, '1 to 128'],
    [{ labels: { a: 'x'.repeat(129) } }, 'at most 16'],
  ])('cannot be asked for with %j', async (wish, words) => {
    await expect(create(wish)).rejects.toThrow(words);
    expect(recorded).toEqual([]);
  });

  test('is on record, and stored, without the token that would let somebody use it', async () => {
    const { token, session } = await create();
    await desk.revoke(session, 'bot');
    expect(recorded).toMatchObject([
      { type: 'session.created', by: 'key:1', session: { id: session.id } },
      { type: 'session.revoked', by: 'bot', ended: 1 },
    ]);
    expect(JSON.stringify(recorded)).not.toContain(token);
    sqlite.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    expect(readFileSync(join(folder, 'test.db')).includes(token)).toBe(false);
  });

  test('is not made when its making cannot be recorded', async () => {
    isWritable = false;
    await expect(create()).rejects.toThrow('disk is full');
    expect(desk.list({ tenant: 'default', limit: 10 })).toEqual([]);
  });
});

describe('a session whose end could not be recorded', () => {
  const ends = () => recorded.filter((one) => 'type' in one && one.type === 'session.revoked');

  test('has ended, and is on record once it is ended again, as of who ended it, once only', async () => {
    const { token, session } = await create();
    isWritable = false;
    await expect(desk.revoke(session, 'bot')).rejects.toThrow('disk is full');
    expect(desk.find(token, owner)).toBeUndefined();
    expect(desk.findToEnd(token, { ...owner, credential: 'key:2' })).toBeUndefined();
    const again = desk.findToEnd(token, owner);
    expect(again).toMatchObject({ id: session.id, unrecordedBy: 'bot' });
    isWritable = true;
    const both = [desk.revoke(session, 'ann'), desk.revoke(session, 'ben')];
    expect(await Promise.all(both)).toEqual([true, false]);
    expect(await desk.revoke(session, 'ann')).toBe(false);
    expect(ends()).toMatchObject([{ by: 'bot', revoked_at: isoTime(clock.now()) }]);
    expect(desk.findToEnd(token, owner)).toBeUndefined();
  });

  test('is on record with the next start', async () => {
    const { session } = await create();
    isWritable = false;
    await expect(desk.revoke(session, 'bot')).rejects.toThrow('disk is full');
    const next = newDesk();
    await expect(next.recordLate()).rejects.toThrow('disk is full');
    isWritable = true;
    await next.recordLate();
    await newDesk().recordLate();
    expect(ends()).toMatchObject([{ by: 'bot', session: { id: session.id } }]);
  });
});

describe('a delegated session', () => {
  test('can do no more than the one it comes from, and ends with it', async () => {
    const parent = await create({ scopes: ['read', 'spend:10'], ttlSeconds: 100, labels: { team: 'red' } });
    const wish = { agent: 'helper', scopes: ['spend'], ttlSeconds: 1000, labels: { team: 'blue', job: 'x' } };
    const child = await desk.create(owner, wish, { parent: parent.session });
    expect(child.session).toMatchObject({
      parent: parent.session.id,
      root: parent.session.id,
      expiresAt: parent.session.expiresAt,
      labels: { team: 'red', job: 'x' },
      budgets: parent.session.budgets,
    });
    const grandchild = await create({ scopes: ['spend:3'] }, child.session);
    expect(grandchild.session.budgets.map(({ micros }) => micros)).toEqual([3_000_000n, 10_000_000n]);
    await expect(create({ scopes: ['write'] }, parent.session)).rejects.toThrow('"write" is not among');
    await expect(create({ scopes: ['spend:4'] }, grandchild.session)).rejects.toThrow('more than the 3 USD');
    await desk.revoke(parent.session, 'bot');
    expect(desk.find(grandchild.token, owner)).toBeUndefined();
  });
});

test('a session that is delegated while another process revokes its parent ends with it', async () => {
  const parent = await create();
  expect(desk.find(parent.token, owner)).toBeDefined();
  await newDesk().revoke(parent.session, 'cli');
  const child = await create({}, parent.session);
  expect(desk.find(child.token, owner)).toBeUndefined();
});

describe('an automatic session', () => {
  const wish = { agent: 'bot', scopes: ['read'], ttlSeconds: 60, budget: '5' };

  test('is made once for all who ask at the same time, and again when its time is over', async () => {
    const made = await Promise.all([1, 2, 3].map(() => desk.automatic(owner, '', wish)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(recorded).toHaveLength(1);
    expect((await newDesk().automatic(owner, '', wish)).id).toBe(made[0]?.id);
    expect((await desk.automatic(owner, 'connection-1', wish)).id).not.toBe(made[0]?.id);
    await clock.advance(60_000);
    expect((await desk.automatic(owner, '', wish)).id).not.toBe(made[0]?.id);
  });

  test('is one for all credentials of a caller, revoked for all of them, and no other caller has it', async () => {
    const token = { ...owner, credential: 'jwt:1' };
    const session = await desk.automatic(token, '', wish);
    for (const credential of ['jwt:2', 'key:1']) {
      expect((await desk.automatic({ ...owner, credential }, '', wish)).id).toBe(session.id);
      expect(desk.find(session.id, { ...owner, credential })).toBeDefined();
    }
    expect((await desk.automatic({ ...token, id: 'other' }, '', wish)).id).not.toBe(session.id);
    expect(desk.find(session.id, { ...token, id: 'other' })).toBeUndefined();
    await desk.revoke(session, 'admin');
    const next = await desk.automatic({ ...owner, credential: 'jwt:3' }, '', wish);
    expect(desk.isLive(next.id)).toBe(false);
  });

  test('is listed for every credential of its caller; others for their key, or for each access token of the caller', async () => {
    const token = { ...owner, credential: 'jwt:1' };
    const { session } = await desk.create(token, { agent: 'bot' });
    const automatic = await desk.automatic(token, '', wish);
    const ofKey = (await create()).session;
    const listed = (credential: string, id = 'bot') =>
      desk.list({ tenant: 'default', limit: 9 }, { ...owner, credential, id }).map((one) => one.id);
    expect(listed('jwt:2')).toEqual([automatic.id, session.id]);
    expect(listed('key:1')).toEqual([ofKey.id, automatic.id]);
    expect(listed('key:2')).toEqual([automatic.id]);
    expect(listed('jwt:2', 'other')).toEqual([]);
    expect(desk.list({ tenant: 'default', limit: 9 })).toHaveLength(3);
  });

  test('that is revoked stays revoked until its time is over', async () => {
    const session = await desk.automatic(owner, '', wish);
    await desk.revoke(session, 'admin');
    const again = await desk.automatic(owner, '', wish);
    expect(again.id).toBe(session.id);
    expect(desk.isLive(again.id)).toBe(false);
  });

  test('that is revoked stays so although it is looked up long after what else was revoked is forgotten', async () => {
    const session = await desk.automatic(owner, '', { ...wish, ttlSeconds: 30 * 86_400 });
    const other = (await create()).session;
    await desk.revoke(session, 'admin');
    await desk.revoke(other, 'admin');
    await clock.advance(8 * 86_400_000);
    await create();
    expect(desk.look(other.id, 'default')).toBeUndefined();
    expect((await newDesk().automatic(owner, '', { ...wish, ttlSeconds: 30 * 86_400 })).id).toBe(session.id);
    expect(desk.isLive(session.id)).toBe(false);
  });

  test('that cannot be recorded cannot be used', async () => {
    isWritable = false;
    await expect(desk.automatic(owner, '', wish)).rejects.toThrow('disk is full');
    isWritable = true;
    expect(desk.isLive((await desk.automatic(owner, '', wish)).id)).toBe(false);
  });
});

describe('lists', () => {
  test('show sessions newest first, by credential, and only those that are valid where asked', async () => {
    const first = (await create()).session;
    const second = (await create({ ttlSeconds: 1 })).session;
    await desk.create({ ...owner, credential: 'key:2' }, { agent: 'x' });
    const mine = { tenant: 'default', credential: 'key:1', limit: 10 };
    expect(desk.list(mine).map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(desk.list({ ...mine, before: second.id }).map(({ id }) => id)).toEqual([first.id]);
    expect(desk.list({ ...mine, validAt: clock.now() + 2000 }).map(({ id }) => id)).toEqual([first.id]);
  });

  test('forget what ended a week ago', async () => {
    await create({ ttlSeconds: 1 });
    await clock.advance(8 * 86_400_000);
    const { session } = await create();
    expect(desk.list({ tenant: 'default', limit: 10 }).map(({ id }) => id)).toEqual([session.id]);
  });
});

test('sessions that ended long ago are forgotten faster than others are made, through indexes', async () => {
  const first = (await create({ ttlSeconds: 1 })).session;
  const table = new SqliteSessionTable(sqlite);
  for (let n = 1; n < 1200; n += 1) table.insert({ ...first, id: `sn_${n}` }, Buffer.from(`hash ${n}`));
  await clock.advance(8 * 86_400_000);
  for (let made = 0; made < 3; made += 1) await create();
  expect(sqlite.prepare('SELECT count(*) AS n FROM session').get()).toEqual({ n: 3 });
  const sql = `EXPLAIN QUERY PLAN SELECT seq FROM session
    WHERE expires_at < 1 OR (revoked_at < 1 AND automatic IS NULL) LIMIT 1`;
  const plan = JSON.stringify(sqlite.prepare(sql).all());
  expect(plan).toContain('session_end');
  expect(plan).toContain('session_revoked');
});

test('the scope admin is every scope', () => {
  expect(holdsScope(['admin'], ['delete'])).toBe(true);
  expect(holdsScope(['read'], ['read', 'execute'])).toBe(true);
  expect(holdsScope(['browse'], ['read', 'execute'])).toBe(false);
});
