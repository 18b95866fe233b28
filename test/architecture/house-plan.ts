/** The floors of packages/gateway/src, as ARCHITECTURE.md draws them. Imports go down only. */
export const floors: Readonly<Record<string, number>> = {
  model: 0,
  lib: 0,
  store: 1,
  identity: 2,
  upstreams: 2,
  policy: 2,
  approvals: 2,
  limits: 2,
  credentials: 2,
  inspection: 2,
  audit: 2,
  pipeline: 3,
  downstream: 4,
  control: 4,
  app: 5,
  cli: 6,
  exports: 6,
  testing: 6,
};

/** Where each noun keeps the built-ins that only app/builtins.ts may name. */
export const builtInFolders: readonly string[] = [
  'identity/authenticators',
  'upstreams/connectors',
  'policy/evaluators',
  'approvals/channels',
  'credentials/sources',
  'inspection/inspectors',
  'audit/sinks',
];

export const builtInsList = 'app/builtins.ts';

export interface Guest {
  readonly library: RegExp;
  readonly name: string;
  /** Beginnings of paths below packages/gateway/src. */
  readonly rooms: readonly string[];
}

/** A library is the guest of one room. */
export const guests: readonly Guest[] = [
  {
    name: 'the MCP SDK',
    library: /^@modelcontextprotocol\//,
    rooms: ['downstream/', 'upstreams/connectors/'],
  },
  { name: 'hono', library: /^(hono|@hono)(\/|$)/, rooms: ['downstream/', 'control/'] },
  {
    name: 'a database driver',
    library: /^(kysely|@photostructure\/sqlite|node:sqlite|better-sqlite3|pg|postgres|ioredis|redis)(\/|$)/,
    rooms: ['store/'],
  },
  {
    name: 'starting processes',
    library: /^((node:)?(child_process|cluster)|cross-spawn|execa)$/,
    rooms: ['upstreams/connectors/stdio'],
  },
];

export interface Door {
  readonly kind: 'environment' | 'time' | 'chance' | 'secret' | 'permit' | 'sql' | 'outbound';
  readonly name: string;
  readonly rooms: readonly string[];
}

/** Time, chance, the environment, secrets, permits and SQL come in by one door each. */
export const doors: readonly Door[] = [
  { kind: 'environment', name: 'the environment', rooms: ['app/', 'credentials/sources/env.ts'] },
  { kind: 'time', name: 'the time', rooms: ['lib/'] },
  { kind: 'chance', name: 'chance', rooms: ['lib/'] },
  {
    kind: 'secret',
    name: "a secret's value",
    // The redactor has to know what to look for; it keeps the values to itself.
    rooms: ['credentials/', 'upstreams/connectors/', 'inspection/redactor.ts'],
  },
  { kind: 'permit', name: 'a cast to Permit', rooms: ['pipeline/stages/obtain-permit.ts'] },
  { kind: 'sql', name: 'SQL', rooms: ['store/'] },
  {
    kind: 'outbound',
    name: 'a connection',
    // The command line is a client of a running gateway, and the fixtures are clients of the faces.
    rooms: [
      'lib/net/',
      'cli/ask-gateway.ts',
      'downstream/event-client-fixture.ts',
      'downstream/face-fixture.ts',
    ],
  },
];

export const sizes = { most: 300, ninetyPercent: 220, median: 100 } as const;
