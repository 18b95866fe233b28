import { expect, test } from 'vitest';
import type { Question } from '../model/decision.js';
import { Doubts } from './doubts.js';

const about = (upstream: string, tenant = 'default'): Question => ({
  action: 'call',
  method: 'tools/call',
  principal: { id: 'a', credential: 'none', tenant, roles: ['agent'], labels: {} },
  target: {
    kind: 'tool',
    exposedName: 't',
    upstream,
    name: 't',
    definition: { text: '{}', value: {} },
    inputSchema: {},
    annotations: {},
    digest: 'sha256:x',
  },
  args: {},
  at: 0,
  callId: 'c',
});

test('denies every tool of an upstream in doubt, tells the caller why and the operator exactly', () => {
  const doubts = new Doubts();
  doubts.set([{ upstream: 'files', detail: 'rule "ban" names no tool' }]);
  expect(doubts.decisionFor(about('files'), 'sha256:r')).toMatchObject({
    effect: 'deny',
    reason: expect.stringContaining('"files"'),
    detail: 'rule "ban" names no tool',
    revision: 'sha256:r',
  });
  expect(doubts.decisionFor(about('pay'), 'sha256:r')).toBeUndefined();
});

test('leaves the decision to policy again when the doubt is gone', () => {
  const doubts = new Doubts();
  doubts.set([{ upstream: 'files', detail: 'x' }]);
  doubts.set([]);
  expect(doubts.decisionFor(about('files'), 'sha256:r')).toBeUndefined();
});

test("what a tenant's rules miss is denied to that tenant alone", () => {
  const doubts = new Doubts();
  doubts.set([{ upstream: 'files', tenant: 'acme', detail: 'x' }]);
  expect(doubts.decisionFor(about('files', 'acme'), 'sha256:r')?.effect).toBe('deny');
  expect(doubts.decisionFor(about('files', 'bcorp'), 'sha256:r')).toBeUndefined();
});
