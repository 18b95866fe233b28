import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../../../test/fixtures/upstreams/manual-clock.js';
import type { Hold } from '../model/hold.js';
import type { WantedApproval } from '../model/obligation.js';
import type { Principal, Role } from '../model/principal.js';
import { migrate } from '../store/migrate.js';
import { openSqlite, type Sqlite } from '../store/sqlite.js';
import { SqliteHoldTable } from '../store/sqlite-hold-table.js';
import { SqliteStandingTable } from '../store/standing-table.js';
import type { Answer } from './answer.js';
import { ApprovalDesk } from './approval-desk.js';
import { StandingDesk } from './standing-desk.js';

let folder = '';
let sqlite: Sqlite;
let clock: ManualClock;
let desk: ApprovalDesk;
let recorded: string[] = [];
let recordFails = false;
let isPolicyLatest = true;
let usableMs = 300_000;
/** Whoever is another by now than they were when they answered. */
const voters = new Map<string, Principal | undefined>();
/** Records are written once this is. */
let disk: Promise<void> = Promise.resolve();

const day = 24 * 3_600_000;
const terms = {
  mode: 'wait-then-hold',
  onApprove: 'release',
  waitMs: 50_000,
  expiresMs: 3_600_000,
  approvers: [],
  quorum: 1,
  noteRequired: false,
} as const;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-desk-'));
  sqlite = openSqlite(join(folder, 'test.db'));
  migrate(sqlite, 0);
  clock = new ManualClock();
  recorded = [];
  recordFails = false;
  isPolicyLatest = true;
  usableMs = 300_000;
  voters.clear();
  disk = Promise.resolve();
  desk = newDesk();
});

afterEach(() => {
  desk.end();
  sqlite.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Nothing is recorded until the returned function is called. */
function stopDisk(): () => void {
  let written = (): void => undefined;
  disk = new Promise((resolve) => {
    written = resolve;
  });
  return () => written();
}

function newDesk(): ApprovalDesk {
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  return new ApprovalDesk({
    table: new SqliteHoldTable(sqlite),
    clock,
    log: silent as never,
    async record(type) {
      await disk;
      if (recordFails) throw new Error('disk full');
      recorded.push(type);
    },
    settings: () => ({
      perCaller: 20,
      perTenant: 200,
      usableMs,
      keptMs: 30 * day,
      resultKeptMs: day,
      terms,
    }),
    standing: newStandingDesk(),
    voterNow: ({ by }) => (voters.has(by) ? voters.get(by) : 'unknown'),
    requireLatestPolicy() {
      if (!isPolicyLatest) throw new Error('another policy');
    },
  });
}

function newStandingDesk(): StandingDesk {
  return new StandingDesk({ table: new SqliteStandingTable(sqlite), clock, record: async () => undefined });
}

function person(id: string, roles: Role[] = ['approver'], labels: Record<string, string> = {}): Principal {
  return { id, credential: `key:${id}`, tenant: 'default', roles, labels };
}

function facts(more: Partial<Hold> = {}) {
  return {
    bind: 'sha256:b1',
    tenant: 'default',
    caller: 'agent-a',
    credential: 'key:agent-a',
    upstream: 'pay',
    method: 'tools/call',
    target: 'transfer',
    args: '{"amount":500}',
    policyRevision: 'sha256:p',
    reason: 'large',
    ...more,
  };
}

async function held(more: Partial<Hold> = {}, wanted: Partial<WantedApproval> = {}): Promise<Hold> {
  const claim = await desk.claim(facts(more), { callId: 'c0', wanted: [{ rule: 'r', ...wanted }] });
  if (claim.kind !== 'waiting') throw new Error(claim.kind);
  return claim.hold;
}

function yes(by: Principal, hold: Hold, more: Partial<Answer> = {}): Promise<unknown> {
  return desk.answer(hold.id, { by, verdict: 'approve', channel: 'cli', seen: hold.bind, ...more });
}

const claimed = (callId: string) => desk.claim(facts(), { callId });

describe('a held call', () => {
  test('runs once after a person said yes to exactly it, and then asks again', async () => {
    const hold = await held();
    expect(await claimed('c1')).toMatchObject({ kind: 'waiting', hold: { id: hold.id } });
    await yes(person('ann'), hold);
    expect(await claimed('c2')).toMatchObject({ kind: 'approved', hold: { id: hold.id, usedBy: 'c2' } });
    const again = await claimed('c3');
    expect(again).toMatchObject({ kind: 'waiting' });
    expect('hold' in again && again.hold.id).not.toBe(hold.id);
    expect(recorded).toEqual(['hold.created', 'hold.approved', 'hold.created']);
  });

  test('approved twenty times at once is approved once and used once', async () => {
    const hold = await held();
    const people = Array.from({ length: 20 }, (_, index) => person(`p${index}`));
    const answers = await Promise.all(people.map((one) => yes(one, hold)));
    expect(answers.filter((one) => (one as { kind: string }).kind === 'taken')).toHaveLength(1);
    const claims = await Promise.all(people.map(({ id }) => claimed(id)));
    expect(claims.filter(({ kind }) => kind === 'approved')).toHaveLength(1);
  });

  test('is under way from when it is made, however long ago it was approved: nobody is asked about it again', async () => {
    usableMs = 3_600_000;
    const hold = await held({}, { onApprove: 'execute' });
    await yes(person('ann'), hold);
    await clock.advance(20 * 60_000);
    expect(await desk.claim(facts(), { callId: 'c1', carries: hold.id })).toMatchObject({ kind: 'approved' });
    expect(await claimed('c2')).toMatchObject({ kind: 'waiting', hold: { id: hold.id, state: 'used' } });
    await clock.advance(15 * 60_000);
    expect(await claimed('c3')).toMatchObject({ kind: 'waiting', hold: { state: 'pending' } });
  });

  test('is not run under a policy that another process has changed, and is once that is in force', async () => {
    const hold = await held();
    isPolicyLatest = false;
    expect(await claimed('c1')).toMatchObject({ kind: 'waiting' });
    await yes(person('ann'), hold);
    await expect(claimed('c2')).rejects.toThrow('another policy');
    expect(desk.find(hold.id)?.state).toBe('approved');
    isPolicyLatest = true;
    expect(await claimed('c3')).toMatchObject({ kind: 'approved' });
  });

  test('is refused while a denial is fresh', async () => {
    const hold = await held();
    await yes(person('ann'), hold, { verdict: 'deny' });
    expect(await claimed('c1')).toMatchObject({ kind: 'denied', hold: { id: hold.id } });
    await clock.advance(3_600_000);
    expect(await claimed('c2')).toMatchObject({ kind: 'waiting' });
  });

  test.each([
    ['the caller', person('agent-a', ['approver'])],
    ['another credential of the caller', { ...person('agent-a', ['admin']), credential: 'oidc:x' }],
    ['another name with the same credential', { ...person('zed'), credential: 'key:agent-a' }],
    ['the owner of the credential', person('olga')],
    ['another principal of the owner', person('phone', ['approver'], { owner: 'olga' })],
    ['a principal that the caller owns', person('tool', ['approver'], { owner: 'agent-a' })],
    ['an agent', person('agent-b', ['agent'])],
    ['an auditor', person('aud', ['auditor', 'operator'])],
    ['somebody outside of the group', person('ann', ['approver'], { groups: 'sales' })],
  ])('cannot be approved by %s', async (_who, by) => {
    const hold = await held({ owner: 'olga' }, { approvers: ['finance'] });
    expect(await yes(by, hold)).toMatchObject({ kind: 'refused', problem: 'forbidden' });
    expect(desk.find(hold.id)?.state).toBe('pending');
    expect(recorded).toContain('hold.answer_refused');
  });

  test('can be approved by a member of the group', async () => {
    const hold = await held({}, { approvers: ['finance', 'bob'] });
    expect(await yes(person('ann', ['approver'], { groups: 'sales, finance' }), hold)).toMatchObject({
      kind: 'taken',
    });
  });

  test('of another tenant is not there', async () => {
    const hold = await held();
    expect(await yes({ ...person('ann'), tenant: 'other' }, hold)).toMatchObject({ problem: 'unknown' });
  });

  test('needs two people where two are asked for, and a note where one is', async () => {
    const hold = await held({}, { quorum: 2, noteRequired: true });
    expect(await yes(person('ann'), hold)).toMatchObject({ problem: 'note_missing' });
    await yes(person('ann'), hold, { note: 'ok' });
    expect(await yes(person('ann'), hold, { note: 'ok' })).toMatchObject({ problem: 'voted' });
    expect(await claimed('c1')).toMatchObject({ kind: 'waiting' });
    await yes(person('bob'), hold, { note: 'fine' });
    expect(await claimed('c2')).toMatchObject({ kind: 'approved' });
  });

  test.each([
    ['whose key is gone', undefined],
    ['who is no approver any more', person('ann', ['agent'])],
    ['who has left the group', person('ann', ['approver'], { groups: 'sales' })],
  ])('is not approved by the earlier yes of somebody %s', async (_who, now) => {
    const finance = { groups: 'finance' };
    const hold = await held({}, { quorum: 2, approvers: ['finance'] });
    await yes(person('ann', ['approver'], finance), hold);
    voters.set('ann', now);
    await yes(person('bob', ['approver'], finance), hold);
    expect(await claimed('c1')).toMatchObject({ kind: 'waiting', hold: { votes: [{ by: 'bob' }] } });
    await yes(person('cid', ['approver'], finance), hold);
    expect(await claimed('c2')).toMatchObject({ kind: 'approved' });
  });

  test.each([
    ['the owner of the credential', { owner: 'olga' }],
    ['the caller', { caller: 'olga' }],
  ])('cannot be approved at the machine by the user who is %s', async (_who, more) => {
    const hold = await held(more);
    const user = { ...person('cli:olga', ['approver', 'admin']), credential: 'cli' };
    expect(await yes(user, hold)).toMatchObject({ problem: 'forbidden' });
    expect(await yes({ ...user, id: 'cli:pete' }, hold)).toMatchObject({ kind: 'taken' });
  });

  test('needs two people, not one at the machine and with a key', async () => {
    const hold = await held({}, { quorum: 2 });
    await yes({ ...person('cli:ann'), credential: 'cli' }, hold);
    expect(await yes(person('ann'), hold)).toMatchObject({ problem: 'voted' });
  });

  test('needs two people, not two keys of one', async () => {
    const hold = await held({}, { quorum: 2 });
    await yes(person('ann'), hold);
    expect(await yes(person('ann-phone', ['approver'], { owner: 'ann' }), hold)).toMatchObject({
      problem: 'voted',
    });
    await yes(person('bob-phone', ['approver'], { owner: 'bob' }), hold);
    expect(desk.find(hold.id)?.state).toBe('approved');
    const next = await held({ bind: 'sha256:b2' }, { quorum: 2 });
    await yes(person('key-1', ['approver'], { owner: 'ann' }), next);
    expect(await yes(person('key-2', ['approver'], { owner: 'ann' }), next)).toMatchObject({
      problem: 'voted',
    });
  });

  test('of high risk needs the credential with the yes, and nothing for a no', async () => {
    const hold = await held({}, { stepUp: true });
    expect(await yes(person('ann'), hold)).toMatchObject({ problem: 'step_up' });
    expect(recorded).toContain('hold.answer_refused');
    expect(await yes(person('ann'), hold, { isFresh: true })).toMatchObject({ kind: 'taken' });
    const next = await held({ bind: 'sha256:b2' }, { stepUp: true });
    expect(await yes(person('ann'), next, { verdict: 'deny' })).toMatchObject({ kind: 'taken' });
  });

  test('is not approved by a yes to something else', async () => {
    const hold = await held();
    expect(await yes(person('ann'), hold, { seen: 'sha256:other' })).toMatchObject({ problem: 'changed' });
  });

  test('whose approval cannot be recorded cannot be used', async () => {
    const hold = await held();
    recordFails = true;
    expect(await yes(person('ann'), hold)).toMatchObject({ problem: 'unrecorded' });
    recordFails = false;
    expect(await claimed('c1')).toMatchObject({ kind: 'waiting' });
    expect(desk.find(hold.id)?.state).toBe('stale');
  });

  test('cannot be used before its approval is on record, nor answered otherwise', async () => {
    const hold = await held();
    const written = stopDisk();
    const answer = yes(person('ann'), hold);
    expect(await newDesk().claim(facts(), { callId: 'c1' })).toMatchObject({
      kind: 'waiting',
      hold: { id: hold.id },
    });
    expect(await yes(person('bob'), hold, { verdict: 'deny' })).toMatchObject({ problem: 'decided' });
    written();
    expect(await answer).toMatchObject({ kind: 'taken', hold: { state: 'approved' } });
    expect(await claimed('c2')).toMatchObject({ kind: 'approved' });
  });

  test('whose answer was never on record, as its process ended, is stale after a while and asked again', async () => {
    const hold = await held();
    stopDisk();
    void yes(person('ann'), hold);
    desk = newDesk();
    disk = Promise.resolve();
    desk.begin();
    expect(await claimed('c1')).toMatchObject({ kind: 'waiting', hold: { id: hold.id } });
    await clock.advance(40_000);
    expect(desk.find(hold.id)?.state).toBe('stale');
    expect(recorded).toEqual(['hold.created', 'hold.stale']);
    const next = await claimed('c2');
    expect('hold' in next && next.hold.id).not.toBe(hold.id);
  });

  test('that was cancelled while its approval was written stays cancelled', async () => {
    const hold = await held();
    const written = stopDisk();
    const answer = yes(person('ann'), hold);
    const cancelled = desk.cancel(hold.id, 'agent-a');
    written();
    expect(await Promise.all([answer, cancelled])).toEqual([
      expect.objectContaining({ problem: 'decided' }),
      true,
    ]);
    expect(desk.find(hold.id)?.state).toBe('cancelled');
  });

  test('that cannot be recorded is not made', async () => {
    recordFails = true;
    await expect(held()).rejects.toThrow('disk full');
    expect(desk.list({ tenant: 'default', state: 'pending', limit: 9 })).toEqual([]);
  });

  test('survives a restart, pending and approved', async () => {
    const hold = await held();
    desk.end();
    desk = newDesk();
    await yes(person('ann'), hold);
    desk.end();
    desk = newDesk();
    expect(await claimed('c1')).toMatchObject({ kind: 'approved' });
  });

  test('ends by itself, recorded once, and can be approved no more', async () => {
    desk.begin();
    const hold = await held();
    await clock.advance(3_700_000);
    expect(recorded.filter((type) => type === 'hold.expired')).toHaveLength(1);
    expect(await yes(person('ann'), hold)).toMatchObject({ problem: 'decided' });
  });

  test('gives an approval back that was not used after all', async () => {
    const hold = await held();
    await yes(person('ann'), hold);
    const claim = await claimed('c1');
    if (claim.kind === 'approved') desk.giveBack(claim.hold);
    expect(await claimed('c2')).toMatchObject({ kind: 'approved' });
  });

  test('that was approved under another policy is not used; a person is asked again', async () => {
    const hold = await held();
    await yes(person('ann'), hold);
    const claim = await desk.claim(facts({ policyRevision: 'sha256:q' }), { callId: 'c1' });
    expect(claim).toMatchObject({ kind: 'waiting', hold: { policyRevision: 'sha256:q' } });
    expect(desk.find(hold.id)?.state).toBe('stale');
    expect(recorded).toContain('hold.stale');
  });

  test.each<[string, Partial<WantedApproval>, boolean]>([
    ['other approvers', { approvers: ['security'] }, true],
    ['more people', { quorum: 2 }, true],
    ['a note', { noteRequired: true }, true],
    ['the key with the yes', { stepUp: true }, true],
    ['other approvers', { approvers: ['security'] }, false],
  ])('is asked about anew where the rules want %s by now', async (_what, more, isApproved) => {
    const hold = await held();
    if (isApproved) await yes(person('ann'), hold);
    const wanted = [{ rule: 'r' }, { rule: 'strict', ...more }];
    const claim = await desk.claim(facts(), { callId: 'c1', wanted });
    expect(claim).toMatchObject({ kind: 'waiting', hold: { state: 'pending' } });
    expect('hold' in claim && claim.hold.id).not.toBe(hold.id);
    expect(desk.find(hold.id)?.state).toBe('stale');
    expect(recorded.filter((type) => type === 'hold.stale')).toHaveLength(1);
    expect(await desk.ask(facts(), { wanted })).toMatchObject({ id: 'hold' in claim && claim.hold.id });
  });

  test('is not carried out on a yes to less than the rules want by now', async () => {
    const hold = await held({}, { onApprove: 'execute' });
    await yes(person('ann'), hold);
    const wanted = [{ rule: 'r', quorum: 2 }];
    expect(await desk.claim(facts(), { callId: 'c1', carries: hold.id, wanted })).toEqual({
      kind: 'changed',
    });
    expect(desk.find(hold.id)?.state).toBe('stale');
  });

  test('runs on a yes to more than the rules want by now', async () => {
    const finance = { groups: 'finance' };
    const hold = await held({}, { approvers: ['finance'], stepUp: true });
    await yes(person('ann', ['approver'], finance), hold, { isFresh: true });
    expect(await claimed('c1')).toMatchObject({ kind: 'approved', hold: { id: hold.id } });
  });

  test('is carried out only with its own approval, and never opens another', async () => {
    const hold = await held();
    const carry = (carries: string) => desk.claim(facts(), { callId: 'c1', carries });
    expect(await carry(hold.id)).toEqual({ kind: 'changed' });
    await yes(person('ann'), hold);
    expect(await carry('hold_other')).toEqual({ kind: 'changed' });
    expect(await carry(hold.id)).toMatchObject({ kind: 'approved' });
    expect(await carry(hold.id)).toEqual({ kind: 'changed' });
    expect(desk.list({ tenant: 'default', limit: 9 })).toHaveLength(1);
  });

  test('that is cancelled or stale is worth nothing', async () => {
    const hold = await held();
    expect(await desk.cancel(hold.id, 'agent-a')).toBe(true);
    expect(await desk.cancel(hold.id, 'agent-a')).toBe(false);
    const next = await held();
    await yes(person('ann'), next);
    await desk.stale(next, 'the tool changed');
    expect(await claimed('c1')).toMatchObject({ kind: 'waiting' });
  });
});

describe('a call that was approved beforehand too', () => {
  const request = {
    kind: 'tool',
    target: 'transfer',
    args: '{"amount":500}',
    revision: '2025-11-25',
  } as const;
  const covered = facts({ scope: 'sha256:s', request });
  const wanted = [{ rule: 'r', onApprove: 'execute' }] as const;
  const by = person('olga', ['admin']);
  const standingOf = (hold: Hold) => newStandingDesk().create(hold, { by, minutes: 5, calls: 9 });

  async function approved(): Promise<Hold> {
    const claim = await desk.claim(covered, { callId: 'c0', wanted });
    if (claim.kind !== 'waiting') throw new Error(claim.kind);
    await yes(by, claim.hold);
    expect(await standingOf(claim.hold)).toMatchObject({ kind: 'made' });
    return claim.hold;
  }

  test('and that the gateway makes itself is not made again by its caller, who gets that result', async () => {
    const hold = await approved();
    const [made, waits] = await Promise.all([
      desk.claim(covered, { callId: 'gateway', wanted, carries: hold.id }),
      desk.claim(covered, { callId: 'c1', wanted }),
    ]);
    expect([made.kind, waits.kind]).toEqual(['approved', 'waiting']);
    expect(await desk.claim(covered, { callId: 'c2', wanted })).toMatchObject({ kind: 'waiting' });
    desk.keepResult(hold, '{}');
    expect(await desk.claim(covered, { callId: 'c3', wanted })).toMatchObject({ kind: 'done', result: '{}' });
    expect(await desk.claim(covered, { callId: 'c4', wanted })).toMatchObject({ kind: 'standing' });
  });

  test('is never made so with the arguments of a hold that was approved with others', async () => {
    const claim = await desk.claim(covered, { callId: 'c0', wanted });
    if (claim.kind !== 'waiting') throw new Error(claim.kind);
    const answered = await yes(by, claim.hold, { instead: 'c1' });
    for (const hold of [(answered as { hold: Hold }).hold, desk.find(claim.hold.id) ?? claim.hold])
      expect(await standingOf(hold)).toMatchObject({ kind: 'refused', problem: 'conflict' });
  });
});

describe('what is over', () => {
  test('can be looked at for as long as is configured, and a result for as long as that is', async () => {
    const hold = await held();
    await yes(person('ann'), hold);
    await desk.claim(facts(), { callId: 'c1', carries: hold.id });
    desk.keepResult(hold, '{}');
    await clock.advance(day - 10_000);
    desk.sweep();
    expect(desk.resultOf(hold.id)).toBe('{}');
    await clock.advance(20_000);
    desk.sweep();
    expect(desk.resultOf(hold.id)).toBeUndefined();
    expect(desk.find(hold.id)?.state).toBe('used');
    await clock.advance(30 * day);
    desk.sweep();
    expect(desk.find(hold.id)).toBeUndefined();
  });
});

describe('waiting', () => {
  const open = new AbortController().signal;

  test('goes on while the store cannot be read, and ends when its time is over', async () => {
    const hold = await held();
    const wait = desk.wait(hold, 50_000, open);
    sqlite.exec('ALTER TABLE hold RENAME TO gone');
    await clock.advance(3000);
    sqlite.exec('ALTER TABLE gone RENAME TO hold');
    await newDesk().answer(hold.id, { by: person('ann'), verdict: 'deny', channel: 'cli', seen: hold.bind });
    await clock.advance(1000);
    expect(await wait).toMatchObject({ state: 'denied' });
    const next = await held({ bind: 'sha256:b2' });
    const late = desk.wait(next, 50_000, open);
    sqlite.exec('ALTER TABLE hold RENAME TO gone');
    await clock.advance(50_000);
    expect(await late).toMatchObject({ id: next.id, state: 'pending' });
    sqlite.exec('ALTER TABLE gone RENAME TO hold');
  });

  test('ends with the answer, wherever it is given', async () => {
    const hold = await held();
    const here = desk.wait(hold, 50_000, open);
    const elsewhere = newDesk();
    await elsewhere.answer(hold.id, { by: person('ann'), verdict: 'deny', channel: 'cli', seen: hold.bind });
    await clock.advance(1000);
    expect(await here).toMatchObject({ state: 'denied' });
  });

  test('ends with the time of the hold, which is over then', async () => {
    const hold = await held({}, { expiresMs: 3000 });
    const wait = desk.wait(hold, 50_000, open);
    await clock.advance(3000);
    expect(await wait).toMatchObject({ state: 'expired' });
  });

  test('ends when its time is over, and when the caller goes', async () => {
    const hold = await held();
    const late = desk.wait(hold, 50_000, open);
    await clock.advance(50_000);
    expect(await late).toMatchObject({ state: 'pending' });
    const leaving = new AbortController();
    const left = desk.wait(hold, 50_000, leaving.signal);
    leaving.abort();
    expect(await left).toMatchObject({ state: 'pending' });
  });
});
