import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { floors } from './architecture/house-plan.js';
import { insideGateway, readGraph } from './architecture/module-graph.js';
import { readSources } from './architecture/read-sources.js';
import * as rules from './architecture/rules.js';
import { compile } from './types/compile.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const real = readSources(root);
const at = 'packages/gateway/src/';

/** What the rule finds in the real sources with `planted` files added to (or put in place of) them. */
function findings(rule: rules.Rule, planted: Record<string, string> = {}): string[] {
  return rule(readGraph(new Map([...real, ...Object.entries(planted)])));
}

interface Check {
  readonly guarantee: string;
  readonly rule: rules.Rule;
  /** Each set of files breaks the rule and must be caught. */
  readonly plants: readonly Record<string, string>[];
}

function oneFile(path: string, ...texts: string[]): Record<string, string>[] {
  return texts.map((text) => ({ [`${at}${path}`]: text }));
}

const lines = (count: number) => 'export {};\n'.repeat(count);

const checks: readonly Check[] = [
  {
    guarantee: 'imports go down only, and neighbours do not know each other',
    rule: rules.importsGoDown,
    plants: [
      ...oneFile(
        'policy/planted.ts',
        "import { x } from '../audit/trail.js';",
        "import type { X } from '../pipeline/house.js';",
        "export type X = import('../app/x.js').X;",
        "export const x = () => import('../control/control-face.js');",
        "export { x } from '../credentials/broker.js';",
        "export * from '../upstreams/upstreams.js';",
        "const x = require('../limits/concurrency-limits.js');",
      ),
      ...oneFile('downstream/planted.ts', "import { x } from '../control/control-face.js';"),
      ...oneFile('model/planted.ts', "import { x } from '../lib/clock.js';"),
      ...oneFile('nowhere/planted.ts', "import type { Call } from '../model/call.js';"),
      ...oneFile('store/planted.ts', "import { x } from '../cli/main.js';"),
    ],
  },
  {
    guarantee: 'the words import no library',
    rule: rules.modelImportsNothing,
    plants: oneFile(
      'model/planted.ts',
      "import { z } from 'zod';",
      "import type { Socket } from 'node:net';",
    ),
  },
  {
    guarantee: 'workspaces know each other by their entries only, and the client needs no Node',
    rule: rules.workspacesStayApart,
    plants: [
      { 'packages/client/src/planted.ts': "import { request } from 'node:http';" },
      { 'packages/client/src/planted.ts': "import type { Call } from '../../gateway/src/model/call.js';" },
      { 'packages/console/src/planted.ts': "import type { x } from '../../client/src/types.js';" },
      { 'packages/contract/src/planted.ts': "import { x } from 'sallyport';" },
      ...oneFile('app/planted.ts', "import { SallyportClient } from '@sallyport/client';"),
    ],
  },
  {
    guarantee: 'every import leads to a file that was looked at',
    rule: rules.importsLeadSomewhere,
    plants: oneFile('app/planted.ts', "import { x } from './nothing.js';"),
  },
  {
    guarantee: 'nothing imports in circles, types included',
    rule: rules.noCircles,
    plants: [
      {
        [`${at}policy/one.ts`]: "import type { Two } from './two.js';",
        [`${at}policy/two.ts`]: "import { three } from './three.js';",
        [`${at}policy/three.ts`]: "export const one = () => import('./one.js');",
      },
      ...oneFile('policy/itself.ts', "import type { X } from './itself.js';"),
    ],
  },
  {
    guarantee: 'only app/builtins.ts names built-ins',
    rule: rules.onlyTheListNamesBuiltIns,
    plants: [
      ...oneFile('app/planted.ts', "import { x } from '../credentials/sources/env.js';"),
      ...oneFile('exports/planted.ts', "export { x } from '../upstreams/connectors/stdio.js';"),
      ...oneFile('cli/planted.ts', "import type { X } from '../identity/authenticators/api-key.js';"),
    ],
  },
  {
    guarantee: 'libraries keep to their rooms',
    rule: rules.librariesKeepToTheirRooms,
    plants: [
      ...oneFile(
        'pipeline/planted.ts',
        "import { Client } from '@modelcontextprotocol/client';",
        "import type { Context } from 'hono';",
        "import { getRequestListener } from '@hono/node-server';",
        "import { Kysely } from 'kysely';",
        "import { DatabaseSync } from 'node:sqlite';",
        "import Database from '@photostructure/sqlite';",
        "import { createClient } from 'redis';",
      ),
      ...oneFile('control/planted.ts', "import { spawn } from 'node:child_process';"),
      ...oneFile('app/planted.ts', "const { fork } = await import('child_process');"),
      ...oneFile('upstreams/planted.ts', "import spawn from 'cross-spawn';"),
      ...oneFile('upstreams/connectors/http.ts', "import spawn from 'cross-spawn';"),
    ],
  },
  {
    guarantee: 'environment, time, chance, secrets, permits, SQL and connections have one door each',
    rule: rules.doorsAreUsed,
    plants: [
      ...oneFile(
        'pipeline/planted.ts',
        'export const x = process.env.HOME;',
        "export const x = globalThis.process['env'];",
        'const { env } = process;',
        "import { env } from 'node:process';",
        'export const x = Date.now();',
        'export const x = new Date();',
        'export const x = Math.random();',
        "import { randomUUID } from 'node:crypto';",
        'export const x = crypto.randomUUID();',
        'export const x = secret.reveal();',
        'export const x = secret?.reveal();',
        'export const x = {} as Permit;',
        'export const x = {} as unknown as Permit;',
        'export const x = {} as model.Permit;',
        'export const x = <Permit>{};',
        "export const x = 'SELECT id FROM records';",
        "export const x = await fetch('https://example.com');",
        'export const x = { fetch };',
        "export const x = globalThis.fetch('https://example.com');",
        "import { request } from 'node:https';",
        "import { connect, type Socket } from 'node:net';",
        "import * as tls from 'tls';",
        "import http from 'node:http';",
        "export const x = new WebSocket('wss://example.com');",
        "import { Agent } from 'undici';",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the planted text is a template
        'export const x = `DELETE FROM keys WHERE id = ${id}`;',
      ),
      ...oneFile('credentials/planted.ts', 'export const x = process.env.TOKEN;'),
      ...oneFile('pipeline/stages/planted.ts', 'export const x = {} as Permit;'),
    ],
  },
  {
    guarantee: 'files are small: the median up to 100 lines, 90 % up to 220, none over 300',
    rule: rules.filesAreSmall,
    plants: [
      ...oneFile('app/planted.ts', lines(301)),
      Object.fromEntries(
        Array.from({ length: 120 }, (_, index) => [`${at}app/planted-${index}.ts`, lines(221)]),
      ),
      Object.fromEntries(
        Array.from({ length: 1000 }, (_, index) => [`${at}app/planted-${index}.ts`, lines(101)]),
      ),
    ],
  },
  {
    guarantee: 'files are named after what they hold',
    rule: rules.namesSaySomething,
    plants: [
      ...oneFile('lib/string-utils.ts', 'export {};'),
      ...oneFile('app/common/planted.ts', 'export {};'),
      ...oneFile('app/helpers.ts', 'export {};'),
      ...oneFile('identity/keyRing.ts', 'export {};'),
    ],
  },
];

describe('the house', () => {
  it('is seen whole: every floor has modules, and they import each other', () => {
    const graph = readGraph(real);
    const folders = new Set([...graph.keys()].map((path) => insideGateway(path)?.split('/')[0]));
    const expected = Object.keys(floors).filter((folder) => folder !== 'approvals' && folder !== 'testing');
    expect([...folders]).toEqual(expect.arrayContaining(expected));
    expect(graph.size).toBeGreaterThan(100);
    const edges = [...graph.values()].flatMap((module) => module.edges);
    expect(edges.filter((edge) => edge.target !== undefined).length).toBeGreaterThan(graph.size);
  });

  describe.each(checks)('$guarantee', ({ rule, plants }) => {
    it('in the sources as they are', () => {
      expect(findings(rule)).toEqual([]);
    });

    it.each(plants.map((planted) => [Object.values(planted)[0]?.split('\n')[0], planted] as const))(
      'and notices: %s',
      (_, planted) => {
        const found = findings(rule, planted);
        expect(found.length).toBeGreaterThan(findings(rule).length);
      },
    );
  });

  it('lets tests look anywhere', () => {
    const planted = {
      [`${at}model/planted.test.ts`]: "import { x } from '../app/x.js'; export const t = Date.now();",
    };
    for (const { rule } of checks) expect(findings(rule, planted)).toEqual(findings(rule));
  });
});

describe('a permit', () => {
  const before = `import type { ForwardRequest } from '${at}model/upstream.js';
    import type { Permit } from '${at}model/permit.js';
    import type { Upstreams } from '${at}upstreams/upstreams.js';
    declare const upstreams: Upstreams; declare const request: ForwardRequest; declare const permit: Permit;\n`;

  it('is what forwarding takes', () => {
    expect(compile(root, `${before} export const reply = upstreams.forward(permit, request);`)).toEqual([]);
  });

  it.each([
    ['without one', 'upstreams.forward(request);'],
    ['with nothing in its place', 'upstreams.forward(undefined, request);'],
    [
      'with an object of the same members',
      "upstreams.forward({ callId: '', upstream: '', tool: '' }, request);",
    ],
  ])('cannot be left out: forwarding %s does not compile', (_, code) => {
    expect(compile(root, `${before} export const reply = ${code}`)).toHaveLength(1);
  });
});
