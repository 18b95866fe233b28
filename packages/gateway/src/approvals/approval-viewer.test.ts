import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { plainText } from '../lib/shown-text.js';
import type { ApprovalView } from '../model/approval-view.js';
import type { ShownText } from '../model/shown-text.js';
import type { NewHold } from '../store/hold-table.js';
import { migrate } from '../store/migrate.js';
import { openSqlite, type Sqlite } from '../store/sqlite.js';
import { SqliteHoldTable } from '../store/sqlite-hold-table.js';
import { createApprovalViewer } from './approval-viewer.js';

let folder = '';
let sqlite: Sqlite;
let holds: SqliteHoldTable;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-view-'));
  sqlite = openSqlite(join(folder, 'test.db'));
  migrate(sqlite, 0);
  holds = new SqliteHoldTable(sqlite);
});

afterEach(() => {
  sqlite.close();
  rmSync(folder, { recursive: true, force: true });
});

const terms = {
  mode: 'hold',
  onApprove: 'release',
  waitMs: 0,
  expiresMs: 1000,
  approvers: [['finance']],
  quorum: 2,
  noteRequired: true,
} as const;

let made = 0;

/** A hold, and what people did with it. */
function held(args: object, state: 'pending' | 'used' | 'denied' = 'pending', more: Partial<NewHold> = {}) {
  made += 1;
  const text = JSON.stringify(args);
  const id = `hold_${made}`;
  const facts = {
    bind: id,
    tenant: 'default',
    caller: 'agent-a',
    credential: 'key:1',
    upstream: 'pay',
    ...more,
  };
  const rest = { method: 'tools/call', target: 'transfer', policyRevision: 'p', reason: 'Large.', terms };
  holds.open(
    { createdAt: made, until: 1e9, id, args: text, ...rest, ...facts },
    { perCaller: 99, perTenant: 99 },
  );
  if (state !== 'pending') {
    sqlite.prepare('UPDATE hold SET state = ?, decided_at = ? WHERE id = ?').run(state, made, id);
  }
  return id;
}

function viewOf(id: string): Promise<ApprovalView> {
  const latest = [{ at: '2026-01-01T00:00:00.000Z', target: 'look\u202e', effect: 'allow' }];
  const view = createApprovalViewer({ holds, records: { latestOf: async () => latest } });
  const hold = holds.find(id);
  if (hold === undefined) throw new Error(id);
  return view(hold);
}

const plain = (text: ShownText | undefined) => (text === undefined ? '' : plainText(text.pieces));

test('a call is compared with the last one of its tool and caller that was approved', async () => {
  held({ to: 'acct-6', amount: 5, memo: 'a' }, 'used');
  const last = held({ to: 'acct-7', amount: 5, urgent: true }, 'used');
  held({ to: 'denied' }, 'denied');
  held({ to: 'other caller' }, 'used', { caller: 'agent-b' });
  held({ to: 'other tool' }, 'used', { target: 'look' });
  held({ to: 'other server' }, 'used', { upstream: 'bank' });
  held({ to: 'other tenant' }, 'used', { tenant: 'two' });
  const id = held({ to: 'acct-7', amount: 5000, memo: 'x' });
  held({ to: 'later' }, 'used');
  const view = await viewOf(id);
  expect(view.comparedWith?.id).toBe(last);
  expect(
    view.arguments.map(({ path, value, change, before }) => [
      plain(path),
      plain(value),
      change,
      plain(before),
    ]),
  ).toEqual([
    ['to', 'acct-7', 'same', ''],
    ['amount', '5000', 'changed', '5'],
    ['memo', 'x', 'new', ''],
    ['urgent', '', 'gone', 'true'],
  ]);
});

test('without an earlier call nothing is said to be the same', async () => {
  const view = await viewOf(held({ to: 'acct-7' }));
  expect(view.comparedWith).toBeUndefined();
  expect(view.arguments[0]?.change).toBeUndefined();
});

test('what the gateway knows comes apart from what others say, and both are inert', async () => {
  const id = held({ to: 'acct\u200b-7' }, 'pending', {
    rule: 'money',
    cost: '12.5',
    address: 'https://pay.example',
    credentialName: 'env:PAY_TOKEN',
    owner: 'olga',
    claims: { title: 'SAFE\u202e', description: 'Pre-approved', titles: { to: 'Payee' } },
  });
  const view = await viewOf(id);
  expect(view.facts.map(({ label, text }) => `${label}: ${plain(text)}`)).toEqual([
    'Caller: agent-a',
    'Tool: transfer',
    'Upstream: pay',
    'Rule: money',
    'Reason: Large.',
    'Cost: 12.5',
    'Address: https://pay.example',
    'Uses the secret: env:PAY_TOKEN',
    'Called with: key:1',
    'Owner: olga',
    'Method: tools/call',
  ]);
  expect(view.claims.map(({ label, text }) => `${label}: ${plain(text)}`)).toEqual([
    'Title: SAFE⟨U+202E⟩',
    'Description: Pre-approved',
  ]);
  expect(view.arguments.map(({ title, value }) => [plain(title), plain(value)])).toEqual([
    ['Payee', 'acct⟨U+200B⟩-7'],
  ]);
  expect(view.history.calls.map(({ target }) => plain(target))).toEqual(['look⟨U+202E⟩']);
});

test('it says what is needed for a yes: people, groups, a note, and what must be opened', async () => {
  held({ to: 'x' }, 'used');
  held({ to: 'x' }, 'denied');
  const long = 'y'.repeat(1000);
  const id = held({ to: 'short', memo: long, again: long });
  holds.vote(
    id,
    { by: 'ann', verdict: 'approve', channel: 'page', at: 5, note: 'fine\u001b[8m' },
    { bind: id, usableUntil: 9 },
  );
  const view = await viewOf(id);
  expect(view.needs).toEqual({
    quorum: 2,
    given: 1,
    noteRequired: true,
    stepUp: false,
    approvers: [['finance']],
    open: [view.arguments[1]?.value?.sha256],
  });
  expect(view.votes.map(({ by, note }) => [plain(by), plain(note)])).toEqual([['ann', 'fine⟨U+001B⟩[8m']]);
  expect(view.history).toMatchObject({ asked: 3, approved: 1, denied: 1 });
});
