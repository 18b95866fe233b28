import { expect, test } from 'vitest';
import type { Tool } from '../model/tool.js';
import { type ScopeEntry, ScopeTable } from './scope-table.js';

const text = { text: '{}', value: {} };

function toolOf(annotations: Tool['annotations'] = {}): Tool {
  return {
    kind: 'tool',
    exposedName: 'pay__send',
    upstream: 'pay',
    name: 'send',
    definition: text,
    inputSchema: {},
    annotations,
    digest: 'sha256:x',
  };
}

const neededFor = (tool: Tool, entries: ScopeEntry[] = []) => new ScopeTable(entries).neededFor(tool);

test('what is configured goes before what the server says; the first entry that fits counts', () => {
  const entries: ScopeEntry[] = [
    { tools: ['pay:se*'], scope: 'spend' },
    { tools: ['*'], scope: 'admin' },
  ];
  expect(neededFor(toolOf({ readOnlyHint: true }), entries)).toEqual(['spend']);
  expect(neededFor(toolOf(), entries.slice(1))).toEqual(['admin']);
});

test.each(['pay__send', 'pay:send', 'send'])('an entry means a tool by its name %s', (name) => {
  expect(neededFor(toolOf(), [{ tools: [name], scope: 'spend' }])).toEqual(['spend']);
});

test.each<[Tool['annotations'], string[]]>([
  [{ readOnlyHint: true }, ['read']],
  [{ readOnlyHint: true, openWorldHint: true }, ['read', 'browse']],
  [{ readOnlyHint: true, destructiveHint: true }, ['read']],
  [{ destructiveHint: true }, ['delete']],
  [{ readOnlyHint: false }, ['write']],
  [{ readOnlyHint: false, destructiveHint: false }, ['write']],
  [{}, ['read', 'execute']],
  [{ idempotentHint: true }, ['read', 'execute']],
])('with the annotations %j one of %j is needed', (annotations, needed) => {
  expect(neededFor(toolOf(annotations))).toEqual(needed);
});

test('resources and prompts are read or browsed', () => {
  const resource = { kind: 'resource', exposedName: 'a:b', upstream: 'x', name: 'a:b' } as const;
  expect(new ScopeTable([{ tools: ['*'], scope: 'admin' }]).neededFor(resource)).toEqual(['read', 'browse']);
});
