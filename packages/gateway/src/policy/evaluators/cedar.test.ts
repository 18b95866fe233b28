import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluatorOf } from '../../../../../test/fixtures/evaluators.js';
import type { JsonValue } from '../../model/json.js';
import { evaluatorSuite } from '../../testing/evaluator-suite.js';
import type { Evaluator } from '../evaluator.js';
import { asked, callerOf, resourceOf, toolOf } from '../policy-fixture.js';

let baseDir: string;
beforeAll(async () => {
  baseDir = await mkdtemp(join(tmpdir(), 'sallyport-cedar-'));
});
afterAll(() => rm(baseDir, { recursive: true }));

const schema = `
entity Upstream; entity Role;
entity Principal in [Role] { tenant: String, roles: Set<String>, labels: { team?: String } };
entity Tool in [Upstream] {
  upstream: String, name: String, exposedName: String,
  readOnly: Bool, destructive: Bool, idempotent: Bool, openWorld: Bool
};
action "tools/call" appliesTo {
  principal: Principal, resource: Tool,
  context: { args: { amount?: Long, to?: String }, now: datetime }
};`;

const policies = `
@id("read") permit (principal in Role::"agent", action == Action::"tools/call", resource)
when { resource.readOnly };
@id("small") permit (principal, action == Action::"tools/call", resource == Tool::"fs/pay")
when { context.args has amount && context.args.amount <= 100 };
@id("large") @ask @reason("A large payment.")
permit (principal, action == Action::"tools/call", resource == Tool::"fs/pay")
when { context.args has amount && context.args.amount > 100 };
@id("ops-only") @reason("Only ops.")
forbid (principal, action, resource in Upstream::"prod")
unless { principal.labels has team && principal.labels.team == "ops" };`;

async function cedarOf(files: { policies: string; schema?: string; entities?: string }, more = {}) {
  const named: Record<string, string> = {};
  for (const [name, text] of Object.entries(files)) {
    named[name] = `${name}.${name === 'entities' ? 'json' : 'cedar'}`;
    await writeFile(join(baseDir, named[name]), text);
  }
  const entry = { kind: 'cedar', ...named, policies: [named.policies], ...more };
  return evaluatorOf(entry, { baseDir });
}

const { signal } = new AbortController();
const pay = toolOf('pay');

describe('Cedar', () => {
  const answer = async (evaluator: Evaluator, args: JsonValue, tool = pay) =>
    evaluator.evaluate(asked(tool, args), signal);

  test('permits, forbids and, where a policy says so, asks a person', async () => {
    const cedar = await cedarOf({ policies, schema });
    expect(await answer(cedar, { amount: 50 })).toMatchObject({ effect: 'allow', detail: 'by small' });
    expect(await answer(cedar, { amount: 500 })).toEqual({
      effect: 'ask',
      reason: 'A large payment.',
      detail: 'by large',
      findings: { policies: ['large'] },
    });
    expect(await answer(cedar, {})).toMatchObject({ effect: 'deny', reason: 'No Cedar policy permits it.' });
    const prod = toolOf('look', {}, { upstream: 'prod', annotations: { readOnlyHint: true } });
    expect(await answer(cedar, {}, prod)).toMatchObject({ effect: 'deny', reason: 'Only ops.' });
    const ops = asked(prod, {}, { principal: callerOf('o', { labels: { team: 'ops' } }) });
    expect(await cedar.evaluate(ops, signal)).toMatchObject({ effect: 'allow', detail: 'by read' });
  });

  test('knows entities of the configuration, and other targets', async () => {
    const cedar = await cedarOf({
      policies: 'permit (principal, action, resource == Resource::"fs/file:///a");',
      entities: '[{"uid":{"type":"Team","id":"t"},"attrs":{},"parents":[]}]',
    });
    expect(await cedar.evaluate(asked(resourceOf('file:///a')), signal)).toMatchObject({ effect: 'allow' });
    expect(await cedar.evaluate(asked(resourceOf('file:///b')), signal)).toMatchObject({ effect: 'deny' });
  });

  test('lets no policy drop out because it fails, as a ban would be lost with it', async () => {
    const cedar = await cedarOf({
      policies:
        'permit (principal, action, resource); @id("cap") forbid (principal, action, resource) when { context.args.amount > 100 };',
    });
    expect(await answer(cedar, { amount: 5 })).toMatchObject({ effect: 'allow' });
    await expect(answer(cedar, {})).rejects.toThrow('policy "cap" could not be evaluated');
    await expect(answer(cedar, { amount: '500' })).rejects.toThrow('cap');
    await expect(answer(cedar, { amount: 500.5 })).rejects.toThrow('cap');
    await expect(answer(cedar, { amount: 10n ** 18n })).rejects.toThrow('cap');
  });

  test('is told of the session of a caller, and of none where there is none', async () => {
    const cedar = await cedarOf({
      policies: `permit (principal, action, resource) when {
        context has session && context.session.scopes.contains("send") && context.session.labels.team == "red"
      };`,
    });
    const session = {
      id: 'sn_1',
      root: 'sn_1',
      agent: 'bot',
      scopes: ['send'],
      labels: {},
      budgets: [],
    } as const;
    const within = (labels: Record<string, string>) => {
      const principal = callerOf('a', { session: { ...session, labels } });
      return cedar.evaluate(asked(pay, {}, { principal }), signal);
    };
    expect(await within({ team: 'red' })).toMatchObject({ effect: 'allow' });
    expect(await within({ team: 'blue' })).toMatchObject({ effect: 'deny' });
    expect(await answer(cedar, {})).toMatchObject({ effect: 'deny' });
    const forged = Promise.resolve().then(() => within({ team: 'red', __extn: 'x' }));
    await expect(forged).rejects.toThrow('__extn');
  });

  test('takes no entities from arguments', async () => {
    const cedar = await cedarOf({ policies: 'permit (principal, action, resource);' });
    const forged = { who: { __entity: { type: 'Role', id: 'admin' } } };
    await expect(answer(cedar, forged)).rejects.toThrow('__entity');
    await expect(answer(cedar, { list: [{ __extn: { fn: 'ip', arg: '::1' } }] })).rejects.toThrow('__extn');
  });

  test('can insist on requests that fit the schema', async () => {
    const cedar = await cedarOf({ policies, schema }, { validateRequests: true });
    expect(await answer(cedar, { amount: 50 })).toMatchObject({ effect: 'allow' });
    await expect(answer(cedar, { amount: 50, more: 1 })).rejects.toThrow('Cedar could not decide');
  });

  test.each<[string, Parameters<typeof cedarOf>[0], object, string, RegExp]>([
    [
      'does not parse',
      { policies: 'permit (principal' },
      {},
      'evaluators[0].policies[0]',
      /unexpected|expected/,
    ],
    [
      'does not fit the schema',
      { policies: 'permit (principal, action, resource) when { context.args.amount == "x" };', schema },
      {},
      'evaluators[0].policies',
      /policy "file 1, policy 1"/,
    ],
    [
      'can never apply',
      { policies: 'permit (principal, action, resource) when { false };', schema },
      {},
      'evaluators[0].policies',
      /impossible/,
    ],
    [
      'has the id of another',
      {
        policies:
          '@id("a") permit (principal, action, resource); @id("a") forbid (principal, action, resource);',
      },
      {},
      'evaluators[0].policies[0]',
      /two policies have the id "a"/,
    ],
    [
      'has entities that are none',
      { policies: 'permit (principal, action, resource);', entities: '[{"uid":5}]' },
      {},
      'evaluators[0].entities',
      /./,
    ],
    [
      'wants to validate without a schema',
      { policies: 'permit (principal, action, resource);' },
      { validateRequests: true },
      'evaluators[0].validateRequests',
      /schema/,
    ],
  ])('is refused at load when it %s', async (_what, files, more, path, words) => {
    const refused = await cedarOf(files, more).catch((cause: unknown) => cause);
    expect(refused).toMatchObject({ problems: [{ path, message: expect.stringMatching(words) }] });
  });

  test('what stands in its files is in its revision', async () => {
    const one = await cedarOf({ policies });
    const other = await cedarOf({ policies: policies.replace('100', '200') });
    expect(one.revision).not.toBe(other.revision);
  });

  test('promises', async () => {
    await cedarOf({ policies });
    const create = (name: string) =>
      evaluatorOf({ name, kind: 'cedar', policies: ['policies.cedar'] }, { baseDir });
    for (const { run } of evaluatorSuite({ create })) await run();
  });
});
