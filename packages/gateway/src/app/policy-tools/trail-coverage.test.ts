import { expect, test } from 'vitest';
import type { RuleConfig } from '#contract';
import type { AuditRecord } from '../../model/record.js';
import { TrailCoverage } from './trail-coverage.js';

const rule = (id: string, more: Partial<RuleConfig> = {}): RuleConfig => ({
  id,
  match: {},
  effect: 'allow',
  ...more,
});

function recorded(at: string, policy: object, more: object = {}): AuditRecord {
  const head = { v: 1, type: 'call.decided', at, writer: 'w', log: 'l', tenant: 't' };
  return { ...head, effect: 'allow', policy: { rev: 'now', ...policy }, ...more } as AuditRecord;
}

test('the trail tells which rules decided, which never, and which are gone', () => {
  const trail = new TrailCoverage('now');
  trail.note(recorded('2026-01-02T00:00:00.000Z', { rule: 'a' }));
  trail.note(recorded('2026-01-01T00:00:00.000Z', { rule: 'a' }, { effect: 'deny' }));
  trail.note(recorded('2026-01-01T00:00:00.000Z', { rule: 'old', rev: 'before' }));
  trail.note(recorded('2026-01-01T00:00:00.000Z', { evaluator: 'risk' }, { effect: 'ask' }));
  trail.note(recorded('2026-01-01T00:00:00.000Z', {}, { effect: 'deny' }));
  const report = trail.report([rule('a'), rule('b')]);
  expect(report).toMatchObject({ records: 5, otherRevisions: 1 });
  expect(report.rules).toEqual([
    {
      id: 'a',
      effect: 'allow',
      decisions: { allow: 1, deny: 1 },
      spoke: 0,
      last: '2026-01-02T00:00:00.000Z',
    },
    { id: 'b', effect: 'allow', decisions: {}, spoke: 0 },
  ]);
  expect(report.former.map(({ id }) => id)).toEqual(['old']);
  expect(report.evaluators).toMatchObject([{ id: 'risk', decisions: { ask: 1 } }]);
  expect(report.byDefault).toMatchObject({ decisions: { deny: 1 } });
});

test('a rule on trial counts for what it said', () => {
  const trail = new TrailCoverage('now');
  const shadow = { effect: 'deny', verdicts: [{ by: 'trial', effect: 'deny' }] };
  trail.note(recorded('2026-01-01T00:00:00.000Z', { rule: 'a' }, { shadow }));
  expect(trail.report([rule('trial', { shadow: true })]).rules).toMatchObject([
    { id: 'trial', shadow: true, decisions: {}, spoke: 1, last: '2026-01-01T00:00:00.000Z' },
  ]);
});

test('records that no policy decided are not counted', () => {
  const trail = new TrailCoverage('now');
  const { policy: _none, ...unknown } = recorded('2026-01-01T00:00:00.000Z', {});
  trail.note(unknown as AuditRecord);
  expect(trail.report([]).records).toBe(0);
});
