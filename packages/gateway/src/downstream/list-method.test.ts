import { afterEach, describe, expect, test } from 'vitest';
import { Refusal } from '../model/refusal.js';
import type { Prompt, Resource, ResourceTemplate } from '../model/target.js';
import {
  type FakeGateway,
  type FakeOptions,
  legacy,
  modern,
  objectText,
  send,
  startGateway,
  stop,
  toolOf,
} from './face-fixture.js';

let gateway: FakeGateway;

async function start(options: FakeOptions): Promise<void> {
  gateway = await startGateway(options);
}

afterEach(() => stop(gateway));

const shared = { upstream: 'one', digest: 'sha256:x' };
const prompt = (definition: string, exposedName: string): Prompt => {
  const text = objectText(definition);
  return { kind: 'prompt', exposedName, name: text.value.name as string, definition: text, ...shared };
};
const resource: Resource = {
  kind: 'resource',
  exposedName: 'sallyport.one+file:///a',
  name: 'file:///a',
  definition: objectText('{"uri":"file:///a","name":"a","size":12345678901234567890}'),
  ...shared,
};
const template: ResourceTemplate = {
  kind: 'template',
  exposedName: 'file:///{path}',
  name: 'file:///{path}',
  definition: objectText('{"uriTemplate":"file:///{path}","name":"files"}'),
  ...shared,
};

describe('a list', () => {
  const lists = {
    tools: [toolOf('{"name":"t","execution":{"taskSupport":"required"},"n":1.0}', { exposedName: 'one__t' })],
    prompts: [prompt('{"name":"p","n":1.0}', 'one__p')],
    resources: [resource],
    templates: [template],
  };
  const listed: FakeOptions = { governListing: async ({ list }) => [...lists[list]] as never };

  test.each([
    ['tools/list', '{"tools":[{"name":"one__t","execution":{"taskSupport":"required"},"n":1.0}]}'],
    ['prompts/list', '{"prompts":[{"name":"one__p","n":1.0}]}'],
    [
      'resources/list',
      '{"resources":[{"uri":"sallyport.one+file:///a","name":"a","size":12345678901234567890}]}',
    ],
    ['resources/templates/list', '{"resourceTemplates":[{"uriTemplate":"file:///{path}","name":"files"}]}'],
  ])('of %s holds the definitions as they came, under the names of the gateway', async (method, result) => {
    await start(listed);
    const { text } = await send(gateway, legacy({ id: 1, method }));
    expect(text).toBe(`{"jsonrpc":"2.0","id":1,"result":${result}}`);
    const { message } = await send(gateway, modern(method));
    expect(message.result).toMatchObject({ resultType: 'complete', ttlMs: 0, cacheScope: 'private' });
  });

  test('for a modern client does not speak of tasks that only legacy ones know', async () => {
    await start(listed);
    const { text } = await send(gateway, modern('tools/list'));
    expect(text).toContain('{"tools":[{"name":"one__t","n":1.0}]');
  });

  test('at the endpoint of an upstream has the names of the upstream', async () => {
    await start(listed);
    const answers = await Promise.all(
      ['tools/list', 'prompts/list', 'resources/list'].map((method) =>
        send(gateway, { ...legacy({ id: 1, method }), path: '/mcp/one' }),
      ),
    );
    const [tools, prompts, resources] = answers.map(({ message }) => message.result);
    expect([tools.tools[0].name, prompts.prompts[0].name, resources.resources[0].uri]).toEqual([
      't',
      'p',
      'file:///a',
    ]);
  });

  test('that is very long comes in pages, whose cursors are good for nobody else and nothing else', async () => {
    const many = Array.from({ length: 1500 }, (_, index) => toolOf(`{"name":"t${index}"}`));
    await start({ governListing: async () => many as never });
    const page = (params: object, agent = 'agent-a', method = 'tools/list') =>
      send(gateway, legacy({ id: 1, method, params }, { Authorization: `Bearer ${agent}` }));
    const first = (await page({})).message.result;
    expect(first.tools).toHaveLength(1000);
    const { nextCursor: cursor } = first;
    const second = (await page({ cursor })).message.result;
    expect(second.tools.map(({ name }: { name: string }) => name).at(-1)).toBe('t1499');
    expect([second.tools.length, second.nextCursor]).toEqual([500, undefined]);
    for (const wrong of [page({ cursor }, 'agent-b'), page({ cursor }, 'agent-a', 'prompts/list')]) {
      expect((await wrong).message.error.code).toBe(-32602);
    }
  });

  test('that cannot be recorded is refused', async () => {
    await start({ governListing: () => Promise.reject(new Refusal('audit_unavailable', 'No trail.')) });
    const { message } = await send(gateway, legacy({ id: 1, method: 'prompts/list' }));
    expect(message.error).toMatchObject({ code: 503, message: 'No trail.' });
  });
});
