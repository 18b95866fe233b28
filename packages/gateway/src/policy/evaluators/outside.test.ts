import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { evaluatorOf, evaluatorsOf } from '../../../../../test/fixtures/evaluators.js';
import { ManualClock } from '../../../../../test/fixtures/upstreams/manual-clock.js';
import { systemClock } from '../../lib/clock.js';
import type { Decision } from '../../model/decision.js';
import { evaluatorSuite } from '../../testing/evaluator-suite.js';
import { EvaluatorPanel } from '../evaluator-panel.js';
import { asked, policyOf, toolOf } from '../policy-fixture.js';

interface Seen {
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly body: string;
}

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

/** A service that answers as told; `never` keeps callers waiting. */
async function serviceThat(answer: Answer | 'never'): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      seen.push({ url: request.url, headers: request.headers, body });
      if (answer === 'never') return;
      const { status = 200, type = 'application/json' } = answer;
      response.writeHead(status, { 'content-type': type }).end(answer.body);
    });
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const environment = { HOOK: 'hook-secret-0001', OPA: 'opa-token-0001' };
const pay = toolOf('pay');

/** What the gateway decides where a rule allows everything. */
async function decided(entry: object, args = {}): Promise<Decision> {
  const evaluators = await evaluatorsOf([{ name: 'judge', ...entry }], { environment });
  return new EvaluatorPanel(policyOf({ effect: 'allow' }), evaluators, systemClock).decide(asked(pay, args));
}

const verdict = '{"effect":"ask","reason":"Large.","findings":{"model":"m"}}';

describe('a webhook', () => {
  const hook = (url: string) => ({ kind: 'webhook', url: `${url}/judge`, secret: 'env:HOOK' });

  test('is told of the call, signed with a time, and its verdict counts', async () => {
    const { url, seen } = await serviceThat({ body: verdict });
    const evaluator = await evaluatorOf(hook(url), { environment, clock: new ManualClock() });
    const args = { to: 'a', amount: 12_345_678_901_234_567_890n };
    const answer = await evaluator.evaluate(asked(pay, args), new AbortController().signal);
    expect(answer).toEqual({ effect: 'ask', reason: 'Large.', findings: { model: 'm' } });
    const [{ headers, body, url: path } = { headers: {}, body: '', url: '' }] = seen;
    expect(path).toBe('/judge');
    expect(body).toContain('"amount":12345678901234567890');
    expect(JSON.parse(body)).toMatchObject({
      action: 'call',
      method: 'tools/call',
      principal: { id: 'agent-a', roles: ['agent'] },
      target: { kind: 'tool', upstream: 'fs', name: 'pay', exposedName: 'pay' },
      args: { to: 'a' },
      callId: 'c1',
    });
    expect(body).not.toContain('credential');
    const time = String(headers['x-sallyport-timestamp']);
    const mac = createHmac('sha256', environment.HOOK).update(`${time}.${body}`).digest('hex');
    expect(headers['x-sallyport-signature']).toBe(`v1=${mac}`);
  });

  test.each<[string, Answer]>([
    ['a failure', { status: 500, body: verdict }],
    ['a redirect', { status: 302, body: verdict }],
    ['another type', { type: 'text/html', body: verdict }],
    ['no JSON', { body: 'allow' }],
    ['names twice', { body: '{"effect":"deny","effect":"allow"}' }],
    ['true alone', { body: 'true' }],
    ['an unknown effect', { body: '{"effect":"yes"}' }],
    ['an unknown member', { body: '{"effect":"allow","obligations":{}}' }],
    ['a reason that is no text', { body: '{"effect":"allow","reason":5}' }],
    ['allow in words', { body: '{"allow":"true"}' }],
    ['too much', { body: `{"effect":"allow","reason":"${'x'.repeat(70_000)}"}` }],
  ])('that answers with %s denies, and is recorded as a fault', async (_what, answer) => {
    const { url } = await serviceThat(answer);
    const decision = await decided(hook(url));
    expect(decision).toMatchObject({
      effect: 'deny',
      evaluator: 'judge',
      evaluations: [{ evaluator: 'judge', effect: 'fault' }],
    });
    expect(decision.reason).not.toContain('answer');
  });

  test('that does not answer denies within its time, or abstains where that was chosen', async () => {
    const { url } = await serviceThat('never');
    const slow = { ...hook(url), timeoutSeconds: 0.05 };
    expect(await decided(slow)).toMatchObject({ effect: 'deny', detail: expect.stringContaining('50 ms') });
    expect(await decided({ ...slow, onFault: 'abstain' })).toMatchObject({
      effect: 'allow',
      evaluations: [{ evaluator: 'judge', effect: 'fault' }],
    });
  });

  test('understands the verdicts of seed 001', async () => {
    const answers = [
      ['{"allow":true,"reason":"OK"}', 'allow'],
      ['{"allow":false,"hold":true,"reason":"Large"}', 'ask'],
      ['{"allow":false}', 'deny'],
    ] as const;
    for (const [body, effect] of answers) {
      const { url } = await serviceThat({ body });
      expect(await decided(hook(url))).toMatchObject({ effect });
    }
  });

  test('is not sent anything without its secret, and nobody learns which', async () => {
    const { url, seen } = await serviceThat({ body: verdict });
    expect(await decided({ ...hook(url), secret: 'env:NONE' })).toMatchObject({ effect: 'deny' });
    expect(seen).toEqual([]);
  });

  test.each([
    ['http://opa.example/judge', 'https'],
    ['https://169.254.169.254/latest', 'link local'],
    ['https://10.0.0.1/', 'private'],
    ['https://user:pw@example.com/', 'password'],
  ])('at %s is refused', async (url, words) => {
    await expect(evaluatorOf({ kind: 'webhook', url, secret: 'env:HOOK' })).rejects.toThrow(words);
  });

  test('promises', async () => {
    const { url } = await serviceThat({ body: verdict });
    const create = (name: string) => evaluatorOf({ ...hook(url), name }, { environment });
    for (const { run } of evaluatorSuite({ create })) await run();
  });
});

describe('OPA over HTTP', () => {
  const opa = (url: string) => ({ kind: 'opa', url, path: 'sallyport/decision' });

  test('is asked for the document with the call as input', async () => {
    const { url, seen } = await serviceThat({
      body: '{"result":{"effect":"deny","reason":"Not at night."}}',
    });
    const headers = { Authorization: `Bearer \${env:OPA}` };
    expect(await decided({ ...opa(`${url}/`), headers }, { n: 1 })).toMatchObject({
      effect: 'deny',
      reason: 'Not at night.',
    });
    expect(seen[0]).toMatchObject({
      url: '/v1/data/sallyport/decision',
      headers: { authorization: 'Bearer opa-token-0001' },
    });
    expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({ input: { args: { n: 1 } } });
  });

  test.each<[string, string]>([
    ['{"result":true}', 'allow'],
    ['{"result":false}', 'deny'],
    ['{"result":{"allow":true}}', 'allow'],
    ['{"result":{"allow":false,"hold":true}}', 'ask'],
    ['{}', 'deny'],
    ['{"result":"allow"}', 'deny'],
    ['{"result":null}', 'deny'],
    ['{"result":{}}', 'deny'],
    ['[]', 'deny'],
  ])('that answers %s means %s', async (body, effect) => {
    const { url } = await serviceThat({ body });
    expect(await decided(opa(url))).toMatchObject({ effect });
  });

  test('that is not there denies', async () => {
    const { url } = await serviceThat({ body: '{"result":true}' });
    servers[0]?.close();
    expect(await decided(opa(url))).toMatchObject({
      effect: 'deny',
      detail: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('promises', async () => {
    const { url } = await serviceThat({ body: '{"result":true}' });
    const create = (name: string) => evaluatorOf({ ...opa(url), name }, { environment });
    for (const { run } of evaluatorSuite({ create })) await run();
  });
});
