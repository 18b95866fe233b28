import { join } from 'node:path';
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernHttp,
} from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, root, scratchFolder, startGateway } from './gateway-process.js';

const scratch = scratchFolder();
const server = (name: string) => ({
  command: process.execPath,
  args: [join(root, 'test/fixtures/upstreams/apps-server.mjs'), name],
});
const config = {
  auth: { mode: 'none' },
  upstreams: { alpha: server('alpha'), beta: server('beta') },
  resources: { collisions: 'prefix' },
  lists: { pageSize: 3 },
  toolsets: { notes: { tools: ['only-*'], resources: ['note://beta/*'] }, beta: { upstreams: ['beta'] } },
  policy: { default: 'allow' },
};
const view = 'ui://shared/view.html';
const betaView = 'ui://sallyport.beta/shared/view.html';

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await startGateway(scratch.path, config);
});
afterAll(async () => {
  await gateway?.stop();
  scratch.remove();
});

const info = { name: 'sallyport-e2e', version: '1.0.0' };
type AnyClient = Pick<
  LegacyClient,
  'listTools' | 'listPrompts' | 'listResources' | 'listResourceTemplates' | 'close'
> &
  Pick<LegacyClient, 'callTool' | 'readResource' | 'getPrompt' | 'complete'>;

const clients: Readonly<Record<string, (path: string) => Promise<AnyClient>>> = {
  async 'SDK 1.x'(path) {
    const client = new LegacyClient(info);
    await client.connect(new LegacyHttp(new URL(gateway.baseUrl + path)));
    return client;
  },
  async 'SDK 2.x, pinned to 2026-07-28'(path) {
    const client = new ModernClient(info, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
    await client.connect(new ModernHttp(new URL(gateway.baseUrl + path)));
    return client as unknown as AnyClient;
  },
};

/** What a call says: the URIs of its link and of what it embeds, and its data. */
async function show(client: AnyClient, name: string) {
  const { content, structuredContent } = (await client.callTool({ name, arguments: {} })) as unknown as {
    content: [{ uri: string }, { resource: { uri: string; text: string } }];
    structuredContent: unknown;
  };
  return { link: content[0].uri, embedded: content[1].resource, structuredContent };
}

/** The tools of every page. */
async function definitions(client: AnyClient) {
  const tools: Awaited<ReturnType<AnyClient['listTools']>>['tools'] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listTools(cursor === undefined ? {} : { cursor });
    tools.push(...page.tools);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return tools;
}

const textAt = async (client: AnyClient, uri: string) => (await client.readResource({ uri })).contents[0];

describe.each(Object.entries(clients))('several servers as one, to a client of %s', (_, connect) => {
  const at = async <Result>(path: string, use: (client: AnyClient) => Promise<Result>): Promise<Result> => {
    const client = await connect(path);
    try {
      return await use(client);
    } finally {
      await client.close();
    }
  };

  it('have names of their own, and URIs that lead back to whoever gave them', async () => {
    await at('/mcp', async (client) => {
      const tools = await definitions(client);
      expect(tools.map(({ name }) => name)).toEqual(['only-alpha', 'alpha__show', 'only-beta', 'beta__show']);
      const uiOf = (name: string) => tools.find((tool) => tool.name === name)?._meta?.ui;
      expect(uiOf('alpha__show')).toEqual({ resourceUri: view });
      expect(uiOf('beta__show')).toEqual({ resourceUri: betaView });
      const { resources } = await client.listResources();
      expect(resources.map(({ uri }) => uri)).toEqual([view, betaView]);
      expect(await textAt(client, view)).toMatchObject({ uri: view, text: '<p>alpha</p>' });
      expect(await textAt(client, betaView)).toMatchObject({ uri: betaView, text: '<p>beta</p>' });
      expect(await show(client, 'alpha__show')).toMatchObject({ link: view });
      expect(await show(client, 'beta__show')).toEqual({
        link: betaView,
        embedded: { uri: 'note://beta', text: view },
        structuredContent: { uri: view },
      });
    });
  });

  it('answer no cursor that they did not give out', async () => {
    await at('/mcp', async (client) => {
      const { nextCursor } = await client.listTools({ cursor: undefined });
      for (const cursor of ['', 'made-up', ...(nextCursor === undefined ? [] : [`${nextCursor}A`])]) {
        await expect(client.listTools({ cursor })).rejects.toMatchObject({ code: -32602 });
      }
      if (nextCursor === undefined) return;
      await at('/mcp/t/notes', (other) =>
        expect(other.listTools({ cursor: nextCursor })).rejects.toMatchObject({ code: -32602 }),
      );
    });
  });

  it('route prompts, unlisted resources and completions to their server', async () => {
    await at('/mcp', async (client) => {
      const { prompts } = await client.listPrompts();
      expect(prompts.map(({ name }) => name)).toEqual(['alpha__review', 'beta__review']);
      const { messages } = await client.getPrompt({ name: 'beta__review', arguments: { language: 'ts' } });
      expect(messages[0]?.content).toMatchObject({ text: 'beta ts' });
      const { resourceTemplates } = await client.listResourceTemplates();
      expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
        'note://alpha/{id}',
        'note://beta/{id}',
      ]);
      expect(await textAt(client, 'note://beta/7')).toMatchObject({ text: 'beta 7' });
      await expect(textAt(client, 'note://gamma/7')).rejects.toThrow();
      const completed = async (ref: Parameters<AnyClient['complete']>[0]['ref'], name: string) =>
        (await client.complete({ ref, argument: { name, value: '' } })).completion.values;
      expect(await completed({ type: 'ref/prompt', name: 'beta__review' }, 'language')).toEqual([
        'beta-script',
      ]);
      expect(await completed({ type: 'ref/resource', uri: 'note://beta/{id}' }, 'id')).toEqual(['beta-1']);
    });
  });

  it('are at their own endpoints what they are', async () => {
    await at('/mcp/beta', async (client) => {
      expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['only-beta', 'show']);
      expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual([view]);
      expect((await show(client, 'show')).link).toBe(view);
      expect(await textAt(client, view)).toMatchObject({ uri: view, text: '<p>beta</p>' });
    });
  });

  it('show of themselves in a toolset what it names', async () => {
    await at('/mcp/t/notes', async (client) => {
      expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['only-alpha', 'only-beta']);
      expect((await client.listPrompts()).prompts).toEqual([]);
      expect(await textAt(client, 'note://beta/7')).toMatchObject({ text: 'beta 7' });
      await expect(textAt(client, 'note://alpha/7')).rejects.toThrow();
      await expect(client.callTool({ name: 'beta__show', arguments: {} })).rejects.toThrow();
    });
    await at('/mcp/t/beta', async (client) => {
      expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['only-beta', 'beta__show']);
      expect(await textAt(client, betaView)).toMatchObject({ text: '<p>beta</p>' });
    });
    await expect(at('/mcp/t/other', (client) => client.listTools())).rejects.toThrow();
  });
});
