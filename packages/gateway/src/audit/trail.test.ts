import { describe, expect, it } from 'vitest';
import { systemClock } from '../lib/clock.js';
import { canonicalJson } from '../lib/json/canonical-json.js';
import { parseJson } from '../lib/json/parse-json.js';
import type { Call } from '../model/call.js';
import type { Charge, Settlement } from '../model/charge.js';
import type { JsonObjectText } from '../model/json.js';
import type { AuditRecord, JournalEntry } from '../model/record.js';
import type { Target } from '../model/target.js';
import { Trail } from './trail.js';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

function openTrail(redact = (text: string) => text) {
  const entries: JournalEntry[] = [];
  const trail = new Trail({
    commit: async (entry) => void entries.push(entry),
    clock: systemClock,
    log: silent,
    writer: 'w',
    logName: 'l',
    content: () => ({ args: 'digest', result: 'digest', maxBytes: 10 }),
    redact,
  });
  return { trail, entries };
}

function callBy(name: string, args: string): Call {
  return {
    id: 'call-1',
    at: 0,
    method: 'tools/call',
    kind: 'tool',
    client: { capabilities: '{}', asker: '' },
    principal: { id: name, credential: name, tenant: 'default', roles: [], labels: {} },
    arrival: { transport: 'http', revision: '2026-07-28' },
    target: name,
    args: parseJson(args) as JsonObjectText,
    meta: new Map(),
    signal: new AbortController().signal,
  };
}

describe('the trail', () => {
  it('gives every record a canonical form, whatever half characters names hold', async () => {
    const { trail, entries } = openTrail();
    const half = 'a\ud83d';
    const call = callBy(half, '{}');
    const decision = { effect: 'allow', reason: half, revision: 'r', rule: half } as const;
    await trail.decided({ call, target: undefined, decision });
    await trail.ended(call, undefined, { state: 'executed', ms: 1, detail: half });
    const { principal, arrival } = call;
    await trail.listed({ principal, arrival, endpoint: half, method: half }, 1);
    await trail.write('auth.failed', { detail: half });
    for (const { record } of entries) {
      const written = typeof record === 'string' ? record : JSON.stringify(record);
      expect(written).not.toContain('\\ud83d');
      expect(() => canonicalJson(JSON.parse(written) as AuditRecord)).not.toThrow();
    }
    expect(entries).toHaveLength(4);
  });

  it('writes the records of a call as the store keeps them, so that it need not write them anew', async () => {
    const { trail, entries } = openTrail();
    const call = callBy('a', '{"x":1}');
    const target = { kind: 'tool', name: 't', exposedName: 'u__t', upstream: 'u', digest: 'd' } as Target;
    const charge = {
      budget: 'b',
      scope: 's',
      unit: 'USD',
      reservedMicros: 1n,
      until: 0,
    } as unknown as Charge;
    const verdicts = [{ by: 'r', effect: 'deny' }] as const;
    const decision = {
      effect: 'allow',
      reason: '',
      revision: 'r',
      shadow: { effect: 'deny', verdicts },
    } as const;
    const refused = { code: 'denied', detail: 'd' };
    for (let turn = 0; turn < 2; turn += 1) {
      await trail.decided({ call, target, decision, refused, charges: [charge], hold: 'hold_1' });
      await trail.decided({ call: { ...call, args: undefined }, target: undefined, decision: undefined });
      const settled = [{ charge, spentMicros: 1n }] as unknown as Settlement[];
      const result = call.args as JsonObjectText;
      await trail.ended(call, target, { state: 'executed', ms: 1, error: true, code: '1', settled, result });
      await trail.ended(call, undefined, { state: 'unknown', ms: 1 });
    }
    const texts = entries.map(({ record }) => record as string);
    expect(texts.map((text) => canonicalJson(JSON.parse(text) as AuditRecord))).toEqual(texts);
    expect(JSON.parse(texts[0] ?? '')).toMatchObject({
      effect: 'deny',
      shadow: { effect: 'deny', verdicts },
      tool: { def: 'd', exposed: 'u__t', name: 't', upstream: 'u' },
    });
  });

  it('records a call whose arguments have equal names once secrets are out of them', async () => {
    const { trail, entries } = openTrail((text) => text.replaceAll(/secret-\d/g, '[redacted]'));
    const call = callBy('a', '{"secret-1":1,"secret-2":2}');
    await trail.decided({ call, target: undefined, decision: undefined });
    expect(JSON.parse(entries[0]?.record as string)).toMatchObject({ args: { n: 37 } });
  });
});
