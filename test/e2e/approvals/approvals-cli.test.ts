import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { sallyport, until } from '../gateway-process.js';
import { ApprovalScene } from './approval-scene.js';

let scene: ApprovalScene;
afterEach(() => scene.close());

const run = (...args: string[]) => sallyport(scene.folder, ['approvals', ...args]);
const local = ['--data-dir', 'data'];

it('shows and answers what waits in the store of a running gateway, and says no twice to a second answer', async () => {
  scene = await ApprovalScene.open();
  expect((await run('list', ...local)).stderr).toContain('No call waits for a person.');
  await scene.call('agent-a', { to: 'b\u202eo\u001b[2Jb', n: 1 });
  const [{ id } = { id: '' }] = await scene.pending();
  const listed = await run('list', ...local);
  expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining(id) });
  for (const deceiving of ['\u202e', '\u001b']) expect(listed.stdout).not.toContain(deceiving);

  const shown = await run('show', id, ...local);
  expect(shown.stdout).toContain('Reason: Finance looks.');
  expect(shown.stdout).toContain('"to": "b\\u{202e}o\\u001b[2Jb"');
  expect(shown.stdout).toContain('"n": 1');
  expect(shown.stdout).toContain('No such call of this caller was approved before.');
  expect(shown.stdout).toContain('Lately this caller asked 1 times; 0 approved, 0 denied.');
  const whole = JSON.parse((await run('show', id, '--json', ...local)).stdout);
  expect(whole).toMatchObject({ id, view: { id, needs: { quorum: 1 } } });

  const approved = await run('approve', id, '--note', 'fine', ...local);
  expect(approved).toMatchObject({ code: 0, stderr: expect.stringContaining('Approved') });
  expect(approved.stdout).toMatch(/Answer: approve by cli:\S+ over cli at .*: "fine"/);
  expect(await run('deny', id, ...local)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('answered or over already'),
  });
  expect((await scene.call('agent-a', { to: 'b\u202eo\u001b[2Jb', n: 1 })).content[0].text).toBe('pay ran');
  const all = JSON.parse((await run('list', '--state', 'all', '--json', ...local)).stdout);
  expect(all.approvals).toEqual([expect.objectContaining({ id, state: 'used' })]);
  expect((await scene.records('hold.approved'))[0]).toMatchObject({ via: 'cli', note: 'fine' });
}, 60_000);

it('answers over a gateway with the key of an approver, and not with that of the caller', async () => {
  scene = await ApprovalScene.open();
  await scene.call('deputy', { n: 1 });
  const [{ id } = { id: '' }] = await scene.pending();
  const keyed = (who: string) => {
    const file = join(scene.folder, `${who}.key`);
    writeFileSync(file, `${who}-token\n`);
    return ['--gateway', scene.url, '--key-file', file];
  };
  expect(await run('approve', id, ...keyed('deputy'))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Nobody can approve their own call.'),
  });
  expect((await run('list', ...keyed('ann'))).stdout).toContain(id);
  const other = id.replace('hold_', 'apr_');
  for (const where of [keyed('ann'), local])
    expect((await run('show', other, ...where)).stdout).toContain(`Hold: ${id}`);
  expect(await run('deny', id, '--json', ...keyed('ann'))).toMatchObject({ code: 0 });
  expect((await scene.rest('ann', `/v1/approvals/${id}`)).body.state).toBe('denied');
  expect(await run('show', 'hold_none', ...keyed('ann'))).toMatchObject({ code: 1 });
  expect(await run('list', '--gateway', scene.url)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('SALLYPORT_KEY'),
  });
}, 60_000);

it('approves with other arguments over a gateway, which makes the changed call', async () => {
  scene = await ApprovalScene.open();
  await scene.call('agent-a', { n: 500 });
  const [{ id } = { id: '' }] = await scene.pending();
  const key = join(scene.folder, 'ann.key');
  const args = join(scene.folder, 'args.json');
  writeFileSync(key, 'ann-token');
  writeFileSync(args, '[50]');
  const over = ['--gateway', scene.url, '--key-file', key];
  expect(await run('approve', id, '--args', args, ...over)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('expected a JSON object'),
  });
  writeFileSync(args, '{ "n": 50 }\n');
  expect(await run('approve', id, '--args', args, ...local)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--gateway'),
  });
  expect(await run('approve', id, '--args', args, ...over)).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('Approved with changes'),
  });
  await until('the changed call', () => scene.called().length === 1);
  expect((await scene.call('agent-a', { n: 500 })).content[0].text).toContain('What counted: { "n": 50 }');
}, 60_000);

it('has an approved call made whose caller has gone, by an operator over a gateway', async () => {
  scene = await ApprovalScene.open();
  await scene.call('agent-a', { n: 1 });
  const [{ id } = { id: '' }] = await scene.pending();
  await scene.post('ann', `/v1/approvals/${id}/approve`);
  const key = join(scene.folder, 'olga.key');
  writeFileSync(key, 'olga-token');
  expect(await run('replay', id, ...local)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--gateway'),
  });
  const replayed = await run('replay', id, '--gateway', scene.url, '--key-file', key);
  expect(JSON.parse(replayed.stdout)).toMatchObject({ id, outcome: 'completed' });
  expect(scene.called()).toEqual(['pay']);
}, 60_000);

it('lists what channels could not be told, in the store and over a gateway', async () => {
  const channels = [{ kind: 'webhook', name: 'gone', url: 'http://127.0.0.1:1', secret: 'env:HOOK' }];
  scene = await ApprovalScene.open(
    { approvals: { mode: 'hold', channels } },
    { HOOK: 'a-secret-of-a-webhook' },
  );
  expect((await run('undelivered', ...local)).stderr).toContain('Every channel was told everything.');
  await scene.call('agent-a', { n: 1 });
  const [{ id } = { id: '' }] = await scene.pending();
  await until('the failure', () => scene.giveUpNotice('gone', id));
  expect((await run('undelivered', ...local)).stdout).toMatch(new RegExp(`gone.*${id}`));
  const { undelivered } = (await scene.rest('olga', '/v1/approvals/undelivered')).body;
  expect(undelivered).toEqual([expect.objectContaining({ channel: 'gone', hold: id, fault: 'test' })]);
  expect((await scene.rest('agent-a', '/v1/approvals/undelivered')).status).toBe(403);
}, 60_000);
