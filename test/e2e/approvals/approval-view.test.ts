import { afterEach, expect, it } from 'vitest';
import { ApprovalScene } from './approval-scene.js';

let scene: ApprovalScene;
afterEach(() => scene.close());

interface Piece {
  readonly code: string;
}

const plain = (text: { pieces: (string | Piece)[] } | undefined) =>
  text?.pieces.map((piece) => (typeof piece === 'string' ? piece : `<${piece.code}>`)).join('');

it('whoever may answer sees a hold as the gateway shows it, compared with what was approved; its agent does not', async () => {
  scene = await ApprovalScene.open({ approvals: { mode: 'hold' } });
  await scene.call('agent-a', { to: 'bob', n: 1 });
  const [first] = await scene.pending();
  await scene.post('ann', `/v1/approvals/${first?.id}/approve`);
  await scene.call('agent-a', { to: 'bob', n: 1 });
  await scene.call('agent-a', { to: 'b\u200bob', n: 1 });
  const [hold] = await scene.pending();
  const path = `/v1/approvals/${hold?.id}/view`;
  expect((await scene.rest('agent-a', path)).status).toBe(403);
  const { status, body } = await scene.rest('ann', path);
  expect(status).toBe(200);
  expect(body.bind).toBe(hold?.bind);
  expect(body.comparedWith.id).toBe(first?.id);
  const rows = body.arguments as Record<string, never>[];
  expect(
    rows.map(({ path: name, value, change, before }) => [plain(name), plain(value), change, plain(before)]),
  ).toEqual([
    ['n', '1', 'same', undefined],
    ['to', 'b<U+200B>ob', 'changed', 'bob'],
  ]);
  const facts = Object.fromEntries(
    body.facts.map((fact: { name: string; text: never }) => [fact.name, plain(fact.text)]),
  );
  expect(facts).not.toHaveProperty('confirmed');
  expect(facts).toMatchObject({ caller: 'agent-a', target: 'pay', rule: 'money', reason: 'Finance looks.' });
  expect(body.claims.map(({ text }: { text: never }) => plain(text))).toEqual(['Pays.']);
  expect(body.history).toMatchObject({ asked: 2, approved: 1, denied: 0 });
  expect(body.history.calls[0]).toMatchObject({ effect: 'ask' });
});
