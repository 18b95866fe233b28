import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Question } from '../../packages/gateway/src/model/decision.js';
import type { Outcome } from '../../packages/gateway/src/model/outcome.js';
import { compilePolicy } from '../../packages/gateway/src/policy/policy.js';
import type { PolicySpec } from '../../packages/gateway/src/policy/rule.js';
import { ManualClock } from '../fixtures/upstreams/manual-clock.js';
import { result, type Stage, setStage } from './house.js';

let stage: Stage;
let clock: ManualClock;

const slow = {
  id: 'slow',
  match: { tools: ['*'] },
  effect: 'limit',
  limits: [
    {
      kind: 'rate',
      id: 'one',
      max: 1,
      windowMs: 60_000,
      algorithm: 'sliding',
      per: ['principal'],
      queueMs: 90_000,
    },
  ],
} as const;
const asks = { id: 'asks', match: { tools: ['*'] }, when: 'args.amount > 100', effect: 'ask' } as const;
const policy: PolicySpec = { default: 'allow', rules: [slow, asks] };
const big = { to: 'a', amount: 500 };

beforeEach(async () => {
  clock = new ManualClock();
  stage = await setStage({ policy, clock });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await stage.close();
});

/** From now on calls are judged by another snapshot. */
function change(more: object): void {
  const before = stage.house.snapshot();
  Object.assign(stage.house, { snapshot: () => ({ ...before, ...more }) });
}

function changePolicy(rules: PolicySpec['rules']): void {
  const compiled = compilePolicy({ default: 'allow', rules });
  change({ decide: (question: Question) => compiled.decide(question) });
}

function changeTool(): void {
  const locate = stage.house.upstreams.locate.bind(stage.house.upstreams);
  vi.spyOn(stage.house.upstreams, 'locate').mockImplementation((...asked) => {
    const target = locate(...asked);
    return target?.kind === 'tool' ? { ...target, digest: 'sha256:other' } : target;
  });
}

const changes: readonly (readonly [what: string, code: string, change: () => void])[] = [
  ['the policy', 'denied', () => changePolicy([slow, { ...asks, approval: { quorum: 2 } }])],
  ['its server', 'target_changed', () => change({ upstreamDigestOf: () => 'sha256:another' })],
  ['its tool', 'target_changed', changeTool],
];

function refusalOf(outcome: Outcome) {
  return outcome.kind === 'refused'
    ? [outcome.refusal.code, outcome.refusal.retryAfterSeconds]
    : outcome.kind;
}

async function approve(outcome: Outcome): Promise<string> {
  if (outcome.kind !== 'suspended') throw new Error(outcome.kind);
  const { id, bind } = outcome.hold;
  const by = {
    id: 'ann',
    credential: 'key:ann',
    tenant: 'default',
    roles: ['approver'],
    labels: {},
  } as const;
  await stage.approvals.answer(id, { by, verdict: 'approve', channel: 'rest', seen: bind });
  return id;
}

describe.each(changes)('where %s changes', (_what, code, happen) => {
  test('while an approved call waits for its turn it is not sent, and the approval is given back', async () => {
    const id = await approve(await stage.call(big));
    await stage.call();
    const waiting = stage.call(big);
    await vi.waitFor(() => expect(stage.approvals.find(id)?.state).toBe('used'));
    happen();
    await clock.advance(60_000);
    expect(refusalOf(await waiting)).toEqual([code, 1]);
    expect(stage.forwarded).toHaveLength(1);
    expect(stage.approvals.find(id)?.state).toBe('approved');
  });

  test('while an allowed call waits for its turn it is not sent, and takes nothing of the limit', async () => {
    await stage.call();
    const waiting = stage.call();
    happen();
    await clock.advance(60_000);
    expect(refusalOf(await waiting)).toEqual([code, 1]);
    // Its definition is what it was again.
    vi.restoreAllMocks();
    expect((await stage.call()).kind).toBe('completed');
    expect(stage.forwarded).toHaveLength(2);
  });

  test('while the user is asked the approval is not used', async () => {
    const sure = { id: 'sure', match: { tools: ['*'] }, effect: 'confirm' } as const;
    await stage.close();
    stage = await setStage({ policy: { ...policy, rules: [asks, sure] }, clock });
    const confirm = (during: () => void) =>
      stage.call(big, {
        client: { capabilities: '{"elicitation":{}}', asker: 'me' },
        ask: async () => {
          during();
          return { kind: 'result', result: result('{"action":"accept","content":{"confirm":true}}') };
        },
      });
    expect(refusalOf(await confirm(happen))).toEqual([code, 1]);
    expect(stage.approvals.list({ tenant: 'default', limit: 9 })).toEqual([]);
  });
});

test('a call whose rules are the same when its turn comes is sent', async () => {
  const id = await approve(await stage.call(big));
  await stage.call();
  const waiting = stage.call(big);
  await vi.waitFor(() => expect(stage.approvals.find(id)?.state).toBe('used'));
  await clock.advance(60_000);
  expect((await waiting).kind).toBe('completed');
});
