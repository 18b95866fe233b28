import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { sallyport } from '../gateway-process.js';
import { openBrowser, visit } from './approval-page-fixture.js';
import { ApprovalScene, holdKey, type Person } from './approval-scene.js';

let scene: ApprovalScene;
afterEach(() => scene.close());

const args = { to: 'bob', n: 500 };
const path = '/v1/standing-approvals';

/** A call that was held, and its hold. */
async function held(caller: Person = 'agent-a', config: object = {}): Promise<string> {
  scene = await ApprovalScene.open(config);
  await scene.call(caller, args);
  const [hold] = await scene.pending();
  return hold?.id ?? '';
}

function send(who: Person, body: object) {
  return scene.rest(who, path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

const ran = async (call: object, caller: Person = 'agent-a') =>
  (await scene.call(caller, call)).content[0].text === 'pay ran';

describe('a standing approval', () => {
  it('lets exactly such calls through, so many, and then a person is asked again', async () => {
    const hold = await held();
    const made = await send('olga', { hold, minutes: 5, calls: 3, values: { n: [600] }, note: 'month end' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      hold,
      caller: 'agent-a',
      target: 'pay',
      by: 'olga',
      calls: 3,
      callsLeft: 3,
      values: { n: ['500', '600'], to: ['"bob"'] },
    });
    for (const other of [{ ...args, n: 700 }, { ...args, to: 'eve' }, { n: 500 }, { ...args, more: 1 }])
      expect(await ran(other)).toBe(false);
    expect(await ran(args, 'agent-b')).toBe(false);
    const both = await Promise.all(
      Array.from({ length: 8 }, (_, index) => ran({ ...args, n: index % 2 ? 500 : 600 })),
    );
    expect(both.filter(Boolean)).toHaveLength(3);
    expect(scene.called()).toEqual(['pay', 'pay', 'pay']);
    const { body } = await scene.rest('ann', path);
    expect(body.standing_approvals).toEqual([expect.objectContaining({ id: made.body.id, callsLeft: 0 })]);
    expect((await scene.records('standing.created'))[0]).toMatchObject({
      by: 'olga',
      calls: 3,
      note: 'month end',
    });
    const used = (await scene.records('call.decided')).filter(({ hold: id }) => id === made.body.id);
    expect(used.map(({ effect }) => effect)).toEqual(['allow', 'allow', 'allow']);
  });

  it('survives a restart, and ends at once when it is revoked', async () => {
    const hold = await held();
    const { body } = await send('olga', { hold, minutes: 5, calls: 9 });
    expect(await ran(args)).toBe(true);
    await scene.stop();
    await scene.start();
    expect(await ran(args)).toBe(true);
    const revoke = (who: Person) => scene.rest(who, `${path}/${body.id}`, { method: 'DELETE' });
    expect((await revoke('agent-a')).status).toBe(403);
    expect((await revoke('ann')).body).toMatchObject({ revokedBy: 'ann', callsLeft: 7 });
    expect((await revoke('ann')).status).toBe(409);
    expect(await ran(args)).toBe(false);
    expect(await scene.records('standing.revoked')).toHaveLength(1);
  });

  it('counts for nothing under another policy, or another definition of the tool', async () => {
    const hold = await held();
    await send('olga', { hold, minutes: 5, calls: 9 });
    const rules = [{ id: 'money', match: { tools: ['pay'] }, effect: 'ask', reason: 'Another.' }];
    await scene.reload({ policy: { default: 'allow', rules } });
    expect((await scene.call('agent-a', args))._meta[holdKey].state).toBe('pending');
    expect(scene.called()).toEqual([]);
  });

  it('is made by an admin only, never by the requester or the owner of their key, and the try is on record', async () => {
    const hold = await held('deputy');
    for (const who of ['deputy', 'olga', 'ann'] as const) {
      expect((await send(who, { hold, minutes: 5, calls: 1 })).status).toBe(403);
    }
    expect((await send('agent-a', { hold, minutes: 5, calls: 1 })).status).toBe(403);
    expect((await scene.records('standing.refused')).map(({ by }) => by)).toEqual(['deputy', 'olga', 'ann']);
    expect((await scene.rest('ann', path)).body.standing_approvals).toEqual([]);
  });

  it('is listed and revoked on the command line, over a gateway and on the machine', async () => {
    const hold = await held();
    const ids: string[] = [];
    for (const minutes of [5, 6]) ids.push((await send('olga', { hold, minutes, calls: 2 })).body.id);
    const file = join(scene.folder, 'ann.key');
    writeFileSync(file, 'ann-token');
    for (const [index, flags] of [
      ['--gateway', scene.url, '--key-file', file],
      ['--data-dir', 'data'],
    ].entries()) {
      const run = (...words: string[]) =>
        sallyport(scene.folder, ['approvals', 'standing', ...words, ...flags]);
      expect((await run('list')).stdout).toContain(`${ids[index]}`);
      expect(await run('revoke', ids[index] ?? '')).toMatchObject({ code: 0 });
      expect(await run('revoke', ids[index] ?? '')).toMatchObject({ code: 1 });
    }
    expect(await ran(args)).toBe(false);
  }, 60_000);

  it('is made on the page by an admin, with the yes', async () => {
    const hold = await held();
    const browser = await openBrowser();
    try {
      const { page } = await visit(browser, scene, { who: 'olga', hold });
      await page.getByLabel(/^For how many minutes/).fill('5');
      await page.getByLabel(/^For how many further calls/).fill('2');
      await page.getByRole('button', { name: /^Approve exactly/ }).click();
      await page.getByText('This call is approved').waitFor();
      const other = await visit(browser, scene, { who: 'ann', hold });
      expect(await other.page.getByLabel(/^For how many minutes/).count()).toBe(0);
    } finally {
      await browser.close();
    }
    expect([await ran(args), await ran(args), await ran(args), await ran(args)]).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('does not stand in for a stricter rule that further values meet', async () => {
    const rules = [
      {
        id: 'big',
        match: { tools: ['pay'] },
        when: 'args.n > 1000',
        effect: 'ask',
        approval: { approvers: ['bob'] },
      },
      { id: 'money', match: { tools: ['pay'] }, effect: 'ask', reason: 'Finance looks.' },
    ];
    const hold = await held('agent-a', { policy: { default: 'allow', rules } });
    const made = await send('olga', { hold, minutes: 5, calls: 9, values: { n: [5000] } });
    expect(made.status).toBe(201);
    expect(await ran({ ...args, n: 5000 })).toBe(false);
    expect(await ran(args)).toBe(true);
    expect(scene.called()).toEqual(['pay']);
  });

  it('ends the hold that waits for the same call, so that a later yes does not make it again', async () => {
    const hold = await held('agent-a', { approvals: { mode: 'hold', onApprove: 'execute' } });
    await send('olga', { hold, minutes: 5, calls: 9 });
    expect(await ran(args)).toBe(true);
    expect((await scene.post('ann', `/v1/approvals/${hold}/approve`)).status).toBe(409);
    expect((await scene.rest('ann', `/v1/approvals/${hold}`)).body.state).toBe('cancelled');
    expect(scene.called()).toEqual(['pay']);
  });

  it('needs a note where the hold does', async () => {
    const hold = await held('agent-a', { approvals: { mode: 'hold', noteRequired: true } });
    expect((await send('olga', { hold, minutes: 5, calls: 1, note: ' ' })).status).toBe(409);
    expect((await send('olga', { hold, minutes: 5, calls: 1, note: 'month end' })).status).toBe(201);
  });

  it('is bounded, and is not made of what several people must approve', async () => {
    const hold = await held('agent-a', { approvals: { mode: 'hold', quorum: 2 } });
    for (const wish of [
      { minutes: 1441, calls: 1 },
      { minutes: 1, calls: 1001 },
      { minutes: 0, calls: 1 },
    ])
      expect((await send('olga', { hold, ...wish })).status).toBe(400);
    expect((await send('olga', { hold, minutes: 1, calls: 1, values: { n: [1] } })).status).toBe(409);
    expect((await send('olga', { hold: 'hold_none', minutes: 1, calls: 1 })).status).toBe(404);
  });
});
