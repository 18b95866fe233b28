import { expect, test } from 'vitest';
import { configInMemory } from './config/load-config.js';
import { announcedExtensions, instructionsAt, relayedMethods } from './mcp-words.js';

const upstreams = { calc: { command: 'calc' }, files: { command: 'files' } };
const inMemory = (more: object) => configInMemory({ upstreams, ...more }, process.cwd());
const words = (id: string) => (id === 'files' ? undefined : `Use ${id} well.`);

test('models are told nothing where nobody was asked to tell them anything', async () => {
  expect(instructionsAt(undefined, await inMemory({}), words)).toBeUndefined();
});

test('models are told the words of the operator, then, labelled, those of upstreams that may speak', async () => {
  const config = await inMemory({ instructions: { text: 'In euro.', upstreams: ['calc', 'files'] } });
  const own = 'In euro.\n\nInstructions of the server "calc":\nUse calc well.';
  expect(instructionsAt(undefined, config, words)).toBe(own);
  expect(instructionsAt('calc', config, words)).toBe(own);
  expect(instructionsAt('files', config, words)).toBe('In euro.');
});

test('extensions are announced with their settings, and their methods go where they are said to go', async () => {
  const config = await inMemory({
    extensions: {
      relay: [
        { name: 'com.example/sum', settings: { v: 1 }, methods: ['sum/add'], upstream: 'calc' },
        { name: 'io.modelcontextprotocol/ui' },
      ],
    },
  });
  expect(announcedExtensions(config, [])).toEqual({
    'com.example/sum': { v: 1 },
    'io.modelcontextprotocol/ui': {},
  });
  expect([...relayedMethods(config)]).toEqual([['sum/add', 'calc']]);
});

test('MCP Apps is announced where an upstream offers it, unless the configuration forbids it', async () => {
  const offer = [
    { tools: {} },
    { extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html'] } } },
  ];
  const free = await inMemory({});
  expect(announcedExtensions(free, offer)).toEqual({ 'io.modelcontextprotocol/ui': {} });
  expect(announcedExtensions(free, [{ tools: {} }])).toEqual({});
  expect(announcedExtensions(await inMemory({ extensions: { apps: false } }), offer)).toEqual({});
});

test.each(['tools/call', 'tasks/get', 'ping', 'notifications/x', 'sampling/createMessage'])(
  'the method %s of the protocol cannot be relayed past what the gateway does with it',
  async (method) => {
    const relay = [{ name: 'com.example/x', methods: [method], upstream: 'calc' }];
    await expect(inMemory({ extensions: { relay } })).rejects.toThrow(
      'a method that the protocol itself does not have',
    );
  },
);
