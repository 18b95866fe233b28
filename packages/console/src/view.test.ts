import type { AuditEntry } from '@sallyport/client';
import { describe, expect, it } from 'vitest';
import { type Row, viewChecks, viewReadiness, viewRecords, viewUpstreams } from './view.js';

const ready = { ready: true, checks: { store: { ok: true } } };
const notReady = {
  ready: false,
  checks: { store: { ok: false, reason: 'the disk is full' }, policy: { ok: true } },
};

function texts(rows: readonly Row[]): string[][] {
  return rows.map((row) => row.map((cell) => cell.text));
}

describe('the console', () => {
  it('says in words what is not ready', () => {
    expect(viewReadiness(ready)).toEqual({ text: 'ready', tone: 'good' });
    expect(viewReadiness(notReady)).toEqual({ text: 'not ready: store', tone: 'bad' });
    expect(texts(viewChecks(notReady))).toEqual([
      ['store', 'not ok', 'the disk is full'],
      ['policy', 'ok', ''],
    ]);
  });

  it('shows each upstream with its state and why it is down', () => {
    const common = { transport: 'stdio', tools: 3, restarts: 1, since: 0 } as const;
    const rows = viewUpstreams([
      { ...common, id: 'files', state: 'up', revision: '2025-11-25' },
      { ...common, id: 'mail', state: 'down', reason: 'env:MAIL_TOKEN is not set' },
    ]);
    expect(rows.map((row) => row[1]?.tone)).toEqual(['good', 'bad']);
    expect(rows.map((row) => row.at(-1)?.text)).toEqual(['', 'env:MAIL_TOKEN is not set']);
    expect(rows[0]?.map((cell) => cell.text)).toContain('2025-11-25');
  });

  it('shows a refused call with its rule and an executed one with its time', () => {
    const about = { at: '2026-11-20T03:11:08.051Z', call: 'c1', caller: { id: 'agent-a' } };
    const rows = viewRecords([
      { ...about, id: 2, type: 'call.outcome', outcome: 'executed', ms: 12 },
      {
        ...about,
        id: 1,
        type: 'call.decided',
        effect: 'deny',
        code: 'denied',
        policy: { rev: 'sha256:x', rule: 'no-delete' },
        tool: { name: 'delete', upstream: 'files' },
      },
    ]);
    expect(rows[0]?.[2]).toEqual({ text: 'executed in 12 ms', kind: 'state', tone: 'good' });
    expect(rows[1]?.map((cell) => cell.text)).toEqual(
      expect.arrayContaining(['deny', 'agent-a', 'delete', 'files', 'no-delete', 'denied', 'c1']),
    );
  });

  it('gives every record one cell per column, whatever members it has', () => {
    const bare: AuditEntry = { id: 1, type: 'gateway.started', at: 'not a time' };
    const full: AuditEntry = {
      id: 2,
      type: 'upstream.down',
      at: '2026-11-20T03:11:08Z',
      upstream: 'a',
      reason: 'b',
    };
    expect(viewRecords([bare, full]).map((row) => row.length)).toEqual([9, 9]);
  });

  it('makes characters visible that could fake what is shown', () => {
    const sly: AuditEntry = {
      id: 1,
      type: 'call.decided',
      at: '',
      tool: { name: 'read\u202egnp.exe\u0007\u200b' },
    };
    expect(texts(viewRecords([sly]))[0]).toContain('read\\u{202e}gnp.exe\\u{7}\\u{200b}');
  });
});
