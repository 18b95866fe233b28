import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SmallBrowser } from '../e2e/identity/browser.js';
import { openRestGateway, type Person, type RestGateway, tokenOf } from './rest-gateway.js';

let gateway: RestGateway;
beforeAll(async () => {
  gateway = await openRestGateway();
});
afterAll(() => gateway.close());

interface Shown {
  readonly id: string;
  readonly principal: string;
  readonly current: boolean;
}

/** A browser in which somebody has signed in with their token. */
async function signedIn(who: Person): Promise<SmallBrowser> {
  const browser = new SmallBrowser();
  const form = { key: tokenOf(who), return: '/console' };
  expect((await browser.post(`${gateway.url}/sign-in`, form)).status).toBe(303);
  return browser;
}

async function isSignedIn(browser: SmallBrowser): Promise<boolean> {
  return (await browser.send(`${gateway.url}/v1/approvals`)).status === 200;
}

async function listed(as: Person, query = ''): Promise<Shown[]> {
  const { status, body } = await gateway.ask(`/v1/sign-ins${query}`, { as });
  expect(status).toBe(200);
  return body.sign_ins;
}

function end(as: Person, principal: string) {
  return gateway.ask('/v1/sign-ins/end', { method: 'POST', as, body: { principal } });
}

describe('the list of sign-ins', () => {
  it('is of everybody for those who oversee them, and of the caller for all others', async () => {
    const browser = await signedIn('approver');
    await signedIn('operator');
    const names = new Set((await listed('auditor')).map(({ principal }) => principal));
    expect(names).toEqual(new Set(['approver', 'operator']));
    expect((await listed('approver')).map(({ principal }) => principal)).toEqual(['approver']);
    expect((await listed('admin', '?principal=operator')).map(({ principal }) => principal)).toEqual([
      'operator',
    ]);
    const foreign = await gateway.ask('/v1/sign-ins?principal=operator', { as: 'approver' });
    expect([foreign.status, foreign.body.code]).toEqual([403, 'forbidden']);
    const own = (await (await browser.send(`${gateway.url}/v1/sign-ins`)).json()) as { sign_ins: Shown[] };
    expect(own.sign_ins).toMatchObject([
      { principal: 'approver', current: true, credential: 'token:approver' },
    ]);
  });

  it('comes in pages, newest first', async () => {
    for (let n = 0; n < 3; n += 1) await signedIn('agent');
    const all = (await listed('agent')).map(({ id }) => id);
    const first = await gateway.ask('/v1/sign-ins?limit=2', { as: 'agent' });
    const rest = await gateway.ask(`/v1/sign-ins?limit=2&cursor=${first.body.next_cursor}`, { as: 'agent' });
    const paged = [...first.body.sign_ins, ...rest.body.sign_ins].map(({ id }: Shown) => id);
    expect(paged).toEqual(all);
    expect(all).toEqual(all.toSorted().toReversed());
  });
});

describe('the end of a sign-in', () => {
  it('is for whoever it is of, and for those who operate; to strangers it is not there', async () => {
    const [mine, theirs] = [await signedIn('approver'), await signedIn('approver')];
    const [newest, second] = await listed('approver', '?limit=2');
    const path = `/v1/sign-ins/${newest?.id}`;
    const refused = await Promise.all(
      (['agent', 'auditor'] as const).map((as) => gateway.ask(path, { method: 'DELETE', as })),
    );
    expect(refused.map(({ body }) => body.code)).toEqual(['not_found', 'forbidden']);
    const ended = await gateway.ask(path, { method: 'DELETE', as: 'approver' });
    expect([ended.status, ended.body.id]).toEqual([200, newest?.id]);
    expect([await isSignedIn(mine), await isSignedIn(theirs)]).toEqual([true, false]);
    expect((await gateway.ask(path, { method: 'DELETE', as: 'approver' })).status).toBe(404);
    const other = await gateway.ask(`/v1/sign-ins/${second?.id}`, { method: 'DELETE', as: 'operator' });
    expect([other.status, await isSignedIn(mine)]).toEqual([200, false]);
  });

  it('is that of all at once: of the caller, or of anybody for those who operate', async () => {
    const browsers = [await signedIn('auditor'), await signedIn('auditor')];
    expect((await end('approver', 'auditor')).body).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await end('auditor', 'auditor')).body).toEqual({ principal: 'auditor', ended: 2 });
    expect(await Promise.all(browsers.map(isSignedIn))).toEqual([false, false]);
    const another = await signedIn('auditor');
    expect((await end('admin', 'auditor')).body).toEqual({ principal: 'auditor', ended: 1 });
    expect(await isSignedIn(another)).toBe(false);
    expect((await end('all', 'nobody')).body).toEqual({ principal: 'nobody', ended: 0 });
  });
});
