import { isSpecType as sdk2 } from '@modelcontextprotocol/client';
import * as sdk1 from '@modelcontextprotocol/sdk/types.js';
import { expect, it } from 'vitest';
import { rawList } from '../../../../test/fixtures/upstreams/catalogue-house.js';
import type { Imported, RawList } from './import-definitions.js';
import { importPrompts } from './import-prompts.js';
import { importResources, importTemplates } from './import-resources.js';
import { importTools } from './import-tools.js';

const odd = [
  null,
  1.5,
  -1,
  true,
  '',
  'x',
  [],
  ['x'],
  [1],
  [null],
  {},
  { a: 1 },
  [{}],
  '2025-01-01',
  'user',
  ['user'],
];
const members: Readonly<Record<string, (value: unknown) => unknown>> = {
  ...Object.fromEntries(
    [
      'title',
      'description',
      'icons',
      '_meta',
      'annotations',
      'execution',
      'outputSchema',
      'arguments',
      'mimeType',
      'size',
      'name',
      'uri',
      'uriTemplate',
      'other',
    ].map((name) => [name, (value: unknown) => ({ [name]: value })]),
  ),
  ...Object.fromEntries(
    ['title', 'readOnlyHint', 'destructiveHint', 'audience', 'priority', 'lastModified', 'other'].map(
      (name) => [`annotations.${name}`, (value: unknown) => ({ annotations: { [name]: value } })],
    ),
  ),
  ...Object.fromEntries(
    ['src', 'mimeType', 'sizes', 'theme'].map((name) => [
      `icons.${name}`,
      (value: unknown) => ({ icons: [{ src: 's', [name]: value }] }),
    ]),
  ),
  ...Object.fromEntries(
    ['name', 'title', 'description', 'required'].map((name) => [
      `arguments.${name}`,
      (value: unknown) => ({ arguments: [{ name: 'a', [name]: value }] }),
    ]),
  ),
  ...Object.fromEntries(
    ['properties', 'required', '$schema'].flatMap((name) =>
      ['inputSchema', 'outputSchema'].map((schema) => [
        `${schema}.${name}`,
        (value: unknown) => ({ [schema]: { type: 'object', [name]: value } }),
      ]),
    ),
  ),
  taskSupport: (taskSupport) => ({ execution: { taskSupport } }),
};

type Client = (result: unknown) => boolean;

const lists: readonly [
  list: string,
  read: (list: RawList) => Imported<{ definition: { text: string } }>,
  base: object,
  clients: readonly Client[],
][] = [
  [
    'tools',
    importTools,
    { name: 'x', inputSchema: { type: 'object' } },
    [(result) => sdk1.ListToolsResultSchema.safeParse(result).success, sdk2.ListToolsResult],
  ],
  [
    'prompts',
    importPrompts,
    { name: 'x' },
    [(result) => sdk1.ListPromptsResultSchema.safeParse(result).success, sdk2.ListPromptsResult],
  ],
  [
    'resources',
    importResources,
    { name: 'x', uri: 'x:' },
    [(result) => sdk1.ListResourcesResultSchema.safeParse(result).success, sdk2.ListResourcesResult],
  ],
  [
    'resourceTemplates',
    importTemplates,
    { name: 'x', uriTemplate: 'x:{a}' },
    [
      (result) => sdk1.ListResourceTemplatesResultSchema.safeParse(result).success,
      sdk2.ListResourceTemplatesResult,
    ],
  ],
];

it.each(lists)(
  'nothing that is taken of %s makes the official clients refuse the list',
  (list, read, base, clients) => {
    for (const [, withMember] of Object.entries(members)) {
      for (const value of odd) {
        const definition = { ...base, ...(withMember(value) as object) };
        // Clients of older revisions refuse these; the face writes them in their words.
        if (isLaterSchema(definition)) continue;
        const taken = read(rawList([definition])).items.map(
          (item) => JSON.parse(item.definition.text) as unknown,
        );
        for (const client of clients) {
          expect([definition, client({ [list]: taken })]).toEqual([definition, true]);
        }
      }
    }
  },
);

it.each(lists)('everything of %s that the official clients take is taken', (list, read, base, clients) => {
  for (const [name, withMember] of Object.entries(members)) {
    // A name may be stranger to them than it may be here.
    if (['name', 'uri', 'uriTemplate', 'arguments.title', 'inputSchema.$schema'].includes(name)) continue;
    for (const value of odd) {
      const definition = { ...base, ...(withMember(value) as object) };
      if (!clients.every((client) => client({ [list]: [definition] }))) continue;
      expect([definition, read(rawList([definition])).items.length]).toEqual([definition, 1]);
    }
  }
});

function isLaterSchema(definition: { outputSchema?: unknown }): boolean {
  return (
    definition.outputSchema !== undefined &&
    (definition.outputSchema as { type?: unknown } | null)?.type !== 'object'
  );
}
