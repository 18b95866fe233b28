import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluatorOf } from '../../../../../test/fixtures/evaluators.js';
import { opaModule, tarOf } from '../../../../../test/fixtures/opa-module.js';
import { evaluatorSuite } from '../../testing/evaluator-suite.js';
import { asked, toolOf } from '../policy-fixture.js';

let baseDir: string;
beforeAll(async () => {
  baseDir = await mkdtemp(join(tmpdir(), 'sallyport-opa-'));
});
afterAll(() => rm(baseDir, { recursive: true }));

const module = opaModule('[{"result":true}]', '[{"result":{"effect":"ask","reason":"Loud."}}]');
const { signal } = new AbortController();

async function opaOf(content: Buffer, more: object = {}) {
  await writeFile(join(baseDir, 'policy'), content);
  return evaluatorOf({ kind: 'opa-wasm', file: 'policy', ...more }, { baseDir });
}

describe('an OPA module', () => {
  test.each([
    ['alone', module],
    ['in a bundle', gzipSync(tarOf({ '/data.json': Buffer.from('{"a":1}'), '/policy.wasm': module }))],
  ])('%s decides with the call as input', async (_how, content) => {
    const opa = await opaOf(content);
    expect(await opa.evaluate(asked(toolOf('say'), { text: 'hi' }), signal)).toEqual({ effect: 'allow' });
    expect(await opa.evaluate(asked(toolOf('say'), { text: 'hi!' }), signal)).toEqual({
      effect: 'ask',
      reason: 'Loud.',
    });
  });

  test('that leaves its document undefined, or answers nonsense, fails', async () => {
    for (const answer of ['[]', '[{"result":"allow"}]', '[{"result":{}}]', '[{"result":null}]']) {
      const opa = await opaOf(opaModule(answer, answer));
      expect(() => opa.evaluate(asked(toolOf('say')), signal)).toThrow();
    }
  });

  test('is in its revision', async () => {
    const one = await opaOf(module);
    const other = await opaOf(opaModule('[{"result":false}]', '[{"result":false}]'));
    expect(one.revision).not.toBe(other.revision);
  });

  test.each<[string, Buffer, object, string, RegExp]>([
    ['is no module', Buffer.from('package x'), {}, 'file', /neither a bundle nor/],
    ['is damaged', Buffer.from('\0asm????'), {}, 'file', /cannot load/],
    [
      'is a bundle without one',
      gzipSync(tarOf({ '/data.json': Buffer.from('{}') })),
      {},
      'file',
      /policy\.wasm/,
    ],
    ['is a damaged bundle', gzipSync(tarOf({ x: module }).subarray(0, 600)), {}, 'file', /damaged/],
    [
      'lacks the entrypoint',
      module,
      { entrypoint: 'a/b' },
      'entrypoint',
      /the module has sallyport\/decision/,
    ],
    ['lacks its data', module, { data: 'none.json' }, 'data', /ENOENT/],
  ])('that %s is refused at load', async (_what, content, more, option, words) => {
    const refused = await opaOf(content, more).catch((cause: unknown) => cause);
    expect(refused).toMatchObject({
      problems: [{ path: `evaluators[0].${option}`, message: expect.stringMatching(words) }],
    });
  });

  test('promises', async () => {
    await opaOf(module);
    const create = (name: string) => evaluatorOf({ name, kind: 'opa-wasm', file: 'policy' }, { baseDir });
    for (const { run } of evaluatorSuite({ create })) await run();
  });
});
