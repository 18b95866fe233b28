import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Trail } from '../../packages/gateway/src/audit/trail.js';
import { Redactor } from '../../packages/gateway/src/inspection/redactor.js';
import type { Clock } from '../../packages/gateway/src/lib/clock.js';
import { systemClock } from '../../packages/gateway/src/lib/clock.js';
import { newId } from '../../packages/gateway/src/lib/ids.js';
import { parseJson } from '../../packages/gateway/src/lib/json/parse-json.js';
import {
  type ConcurrencyCaps,
  ConcurrencyLimits,
} from '../../packages/gateway/src/limits/concurrency-limits.js';
import type { Call } from '../../packages/gateway/src/model/call.js';
import type { JsonObjectText } from '../../packages/gateway/src/model/json.js';
import type { Log } from '../../packages/gateway/src/model/log.js';
import type { Outcome } from '../../packages/gateway/src/model/outcome.js';
import type { JournalEntry } from '../../packages/gateway/src/model/record.js';
import type { AttachedCredential, UpstreamReply } from '../../packages/gateway/src/model/upstream.js';
import { ArgumentCheck } from '../../packages/gateway/src/pipeline/argument-check.js';
import { createGovernCall } from '../../packages/gateway/src/pipeline/govern-call.js';
import { createGovernListing } from '../../packages/gateway/src/pipeline/govern-listing.js';
import type { House, Snapshot } from '../../packages/gateway/src/pipeline/house.js';
import { compilePolicy, type Policy } from '../../packages/gateway/src/policy/policy.js';
import type { PolicySpec } from '../../packages/gateway/src/policy/rule.js';
import { openStore, type Store } from '../../packages/gateway/src/store/open-store.js';
import type { RecordRow } from '../../packages/gateway/src/store/record-table.js';
import type { Connect, OutgoingRequest } from '../../packages/gateway/src/upstreams/connection.js';
import { Upstreams } from '../../packages/gateway/src/upstreams/upstreams.js';

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const transfer = {
  name: 'transfer',
  description: 'Moves money.',
  inputSchema: {
    type: 'object',
    properties: { to: { type: 'string' }, amount: { type: 'number' } },
    required: ['to', 'amount'],
    additionalProperties: false,
  },
};

export interface Scene {
  readonly policy?: PolicySpec;
  readonly caps?: ConcurrencyCaps;
  /** What the far side of the network does with a tools/call. */
  readonly answer?: (request: OutgoingRequest) => Promise<UpstreamReply>;
  readonly attachCredential?: () => Promise<AttachedCredential>;
  /** Stands before the real journal. */
  readonly commit?: (entry: JournalEntry, write: (entry: JournalEntry) => Promise<void>) => Promise<void>;
  readonly clock?: Clock;
}

export interface Stage {
  readonly house: House;
  readonly policy: Policy;
  readonly store: Store;
  readonly redactor: Redactor;
  /** Each tools/call that reached the upstream. */
  readonly forwarded: OutgoingRequest[];
  call(args?: unknown, more?: Partial<Call>): Promise<Outcome>;
  list(caller?: string): Promise<string[]>;
  /** Every record so far, oldest first. */
  records(): Promise<RecordRow[]>;
  close(): Promise<void>;
}

const allowAll: PolicySpec = { default: 'allow', rules: [] };

export function result(text: string): JsonObjectText {
  return parseJson(text) as JsonObjectText;
}

const ok = async (): Promise<UpstreamReply> => ({ kind: 'result', result: result('{"content":[]}') });

/** The real pipeline over the real store, policy, limits and catalogue; only the upstream's wire is played. */
export async function setStage(scene: Scene = {}): Promise<Stage> {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-pipeline-'));
  const clock = scene.clock ?? systemClock;
  const store = await openStore({ directory, durability: 'process', clock: systemClock, log: silent });
  const redactor = new Redactor();
  const write = (entry: JournalEntry) => store.journal.commit(entry);
  const trail = new Trail({
    commit: (entry) => (scene.commit === undefined ? write(entry) : scene.commit(entry, write)),
    clock,
    log: silent,
    writer: 'test/1',
    logName: 'test',
    content: () => ({ args: 'full', result: 'full', maxBytes: 65_536 }),
    redact: (text) => redactor.redact(text),
  });
  const forwarded: OutgoingRequest[] = [];
  const upstreams = playedUpstreams(scene, forwarded);
  await upstreams.apply([
    { id: 'pay', kind: 'http', url: 'http://played/', headers: {}, timeoutMs: 1000, startTimeoutMs: 1000 },
  ]);
  await upstreams.settled();
  const policy = compilePolicy(scene.policy ?? allowAll);
  const snapshot: Snapshot = {
    decide: (question) => policy.decide(question),
    caps: scene.caps ?? { perPrincipal: 10, perUpstream: 10 },
    timeoutMsOf: () => 1000,
    attachCredential: scene.attachCredential ?? (async () => new Map()),
  };
  const argumentCheck = new ArgumentCheck(() => false);
  const house: House = {
    snapshot: () => snapshot,
    limits: new ConcurrencyLimits(),
    upstreams,
    argumentCheck,
    redactor,
    trail,
    clock,
    log: silent,
  };
  const governCall = createGovernCall(house);
  const governListing = createGovernListing(house);
  return {
    house,
    policy,
    store,
    redactor,
    forwarded,
    call: (args = { to: 'acct-7', amount: 5 }, more = {}) => governCall(callOf(args, more, clock)),
    async list(caller = 'agent-a') {
      const tools = await governListing({ principal: principal(caller), arrival });
      return tools.map((tool) => tool.exposedName);
    },
    async records() {
      await store.journal.drained();
      return store.records.query({ limit: 1000, order: 'asc' });
    },
    async close() {
      await upstreams.close();
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const arrival = { transport: 'http', revision: '2026-07-28' } as const;

function principal(id: string): Call['principal'] {
  return { id, credential: 'key:test', tenant: 'default', roles: ['agent'], labels: {} };
}

function callOf(args: unknown, more: Partial<Call>, clock: Clock): Call {
  return {
    id: newId(),
    at: clock.now(),
    method: 'tools/call',
    kind: 'tool',
    client: { capabilities: '{}', asker: '' },
    principal: principal('agent-a'),
    arrival,
    target: 'transfer',
    args: parseJson(JSON.stringify(args)) as JsonObjectText,
    meta: new Map(),
    signal: new AbortController().signal,
    ...more,
  };
}

function playedUpstreams(scene: Scene, forwarded: OutgoingRequest[]): Upstreams {
  const connect: Connect = async () => ({
    pid: undefined,
    start: async () => ({ revision: '2026-07-28', listChanged: false, hasTools: true }),
    async request(request) {
      if (request.method === 'tools/list') {
        return { kind: 'result', result: result(JSON.stringify({ tools: [transfer] })) };
      }
      forwarded.push(request);
      return (scene.answer ?? ok)(request);
    },
    idle: async () => {},
    close: async () => {},
  });
  return new Upstreams({
    resolve: async () => new Map(),
    clock: systemClock,
    log: silent,
    redact: (text) => text,
    prefix: 'auto',
    version: '0',
    baseEnvironment: {},
    jitter: () => 0,
    onEvent: () => {},
    connectors: { http: connect, stdio: connect },
  });
}
