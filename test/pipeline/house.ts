import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApprovalDesk } from '../../packages/gateway/src/approvals/approval-desk.js';
import type { DeskSettings } from '../../packages/gateway/src/approvals/desk-deps.js';
import type { ContentPolicy } from '../../packages/gateway/src/audit/keep-content.js';
import { Trail } from '../../packages/gateway/src/audit/trail.js';
import { type ScopeEntry, ScopeTable } from '../../packages/gateway/src/identity/scope-table.js';
import { SessionDesk } from '../../packages/gateway/src/identity/session-desk.js';
import { Redactor } from '../../packages/gateway/src/inspection/redactor.js';
import type { Clock } from '../../packages/gateway/src/lib/clock.js';
import { systemClock } from '../../packages/gateway/src/lib/clock.js';
import { newId } from '../../packages/gateway/src/lib/ids.js';
import { parseJson } from '../../packages/gateway/src/lib/json/parse-json.js';
import { newSealKey } from '../../packages/gateway/src/lib/seal.js';
import type { ReadTotal } from '../../packages/gateway/src/limits/budget-book.js';
import {
  type ConcurrencyCaps,
  ConcurrencyLimits,
} from '../../packages/gateway/src/limits/concurrency-limits.js';
import { KillSwitches } from '../../packages/gateway/src/limits/kill-switches.js';
import { Limits } from '../../packages/gateway/src/limits/limits.js';
import { WaitingLine } from '../../packages/gateway/src/limits/waiting-line.js';
import type { Call } from '../../packages/gateway/src/model/call.js';
import type { JsonObjectText } from '../../packages/gateway/src/model/json.js';
import type { Log } from '../../packages/gateway/src/model/log.js';
import type { Outcome } from '../../packages/gateway/src/model/outcome.js';
import type { JournalEntry, ReadEntry } from '../../packages/gateway/src/model/record.js';
import type { AttachedCredential, UpstreamReply } from '../../packages/gateway/src/model/upstream.js';
import { ArgumentCheck } from '../../packages/gateway/src/pipeline/argument-check.js';
import { createGovernCall } from '../../packages/gateway/src/pipeline/govern-call.js';
import { createGovernListing, type ListName } from '../../packages/gateway/src/pipeline/govern-listing.js';
import type { House, Snapshot } from '../../packages/gateway/src/pipeline/house.js';
import {
  type ApprovalWish,
  createRequestApproval,
} from '../../packages/gateway/src/pipeline/request-approval.js';
import { TaskHandles } from '../../packages/gateway/src/pipeline/task-handles.js';
import { compilePolicy, type Policy } from '../../packages/gateway/src/policy/policy.js';
import type { PolicySpec } from '../../packages/gateway/src/policy/rule.js';
import { openStore, type Store } from '../../packages/gateway/src/store/open-store.js';
import { lineOf } from '../../packages/gateway/src/store/record-row.js';
import type { RecordRow } from '../../packages/gateway/src/store/record-table.js';
import type { Connect, OutgoingRequest } from '../../packages/gateway/src/upstreams/connection.js';
import type { DefinitionJudge } from '../../packages/gateway/src/upstreams/pins/definition-judge.js';
import { Upstreams } from '../../packages/gateway/src/upstreams/upstreams.js';
import { quietConnection, serverFacts } from '../fixtures/upstreams/deps.js';

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
  readonly priceOf?: Snapshot['priceOf'];
  /** Goes on in the data directory of an earlier stage. */
  readonly directory?: string;
  /** What the far side of the network does with a tools/call. */
  readonly answer?: (request: OutgoingRequest) => Promise<UpstreamReply>;
  readonly attachCredential?: () => Promise<AttachedCredential>;
  /** Stands for how the upstream is reached. */
  readonly upstreamDigest?: string;
  readonly approvals?: Partial<DeskSettings>;
  readonly sessionsRequired?: boolean;
  /** Whether the caller's key still counts. */
  readonly isCurrent?: () => boolean;
  readonly scopes?: readonly ScopeEntry[];
  /** Stands before the real journal. */
  readonly commit?: (entry: ReadEntry, write: (entry: JournalEntry) => Promise<void>) => Promise<void>;
  readonly clock?: Clock;
  /** Stands for time that no change of the clock touches. */
  readonly elapsed?: () => number;
  /** What is kept of content; by default everything. */
  readonly content?: ContentPolicy;
  /** Says which definitions may be used. */
  readonly judge?: (store: Store) => DefinitionJudge;
  /** What the upstream offers besides its tool: results of its other lists, by method. */
  readonly lists?: Readonly<Record<string, object>>;
  /** Methods of extensions that go to the upstream. */
  readonly relayed?: readonly string[];
}

export interface Stage {
  readonly house: House;
  readonly approvals: ApprovalDesk;
  readonly sessions: SessionDesk;
  readonly kills: KillSwitches;
  readonly policy: Policy;
  readonly store: Store;
  readonly redactor: Redactor;
  readonly directory: string;
  /** Each call that reached the upstream. */
  readonly forwarded: OutgoingRequest[];
  call(args?: unknown, more?: Partial<Call>): Promise<Outcome>;
  /** Asks before it makes the call; with arguments about exactly that one. */
  ask(wish?: Partial<ApprovalWish>, more?: Partial<Call>): Promise<Outcome>;
  list(caller?: string, name?: ListName): Promise<string[]>;
  /** Every record so far, oldest first. */
  records(): Promise<RecordRow[]>;
  /** Removes the data directory unless it is to be kept. */
  close(options?: { readonly keep?: boolean }): Promise<void>;
}

const deskSettings: DeskSettings = {
  perCaller: 20,
  perTenant: 200,
  usableMs: 300_000,
  keptMs: 2_592_000_000,
  resultKeptMs: 86_400_000,
  terms: {
    mode: 'wait-then-hold',
    onApprove: 'release',
    waitMs: 50_000,
    expiresMs: 3_600_000,
    approvers: [],
    quorum: 1,
    noteRequired: false,
  },
};

const allowAll: PolicySpec = { default: 'allow', rules: [] };

export function result(text: string): JsonObjectText {
  return parseJson(text) as JsonObjectText;
}

const ok = async (): Promise<UpstreamReply> => ({ kind: 'result', result: result('{"content":[]}') });

/** The real pipeline over the real store, policy, limits and catalogue; only the upstream's wire is played. */
export async function setStage(scene: Scene = {}): Promise<Stage> {
  const directory = scene.directory ?? mkdtempSync(join(tmpdir(), 'sallyport-pipeline-'));
  const clock = scene.clock ?? systemClock;
  const store = await openStore({ directory, durability: 'process', clock: systemClock, log: silent });
  const redactor = new Redactor();
  const write = (entry: JournalEntry) => store.journal.commit(entry);
  const trail = new Trail({
    commit: (entry) => (scene.commit === undefined ? write(entry) : scene.commit(asRead(entry), write)),
    clock,
    log: silent,
    writer: 'test/1',
    logName: 'test',
    content: () => scene.content ?? { args: 'full', result: 'full', maxBytes: 65_536 },
    redact: (text) => redactor.redact(text),
  });
  const forwarded: OutgoingRequest[] = [];
  const upstreams = playedUpstreams(scene, forwarded, scene.judge?.(store));
  const spec = { id: 'pay', url: 'http://played/', headers: {}, timeoutMs: 1000, startTimeoutMs: 1000 };
  const methods = new Map((scene.relayed ?? []).map((method) => [method, 'pay']));
  await upstreams.apply([{ kind: 'http', ...spec }], { collisions: 'first', toolsets: [], methods });
  await upstreams.settled();
  const policy = compilePolicy(scene.policy ?? allowAll);
  const scopes = new ScopeTable(scene.scopes ?? []);
  const snapshot: Snapshot = {
    decide: (question) => policy.decide(question),
    limitsOn: (question) => policy.limitsOn(question),
    caps: scene.caps ?? { perPrincipal: 10, perUpstream: 10 },
    priceOf: scene.priceOf ?? (() => undefined),
    sessions: { required: scene.sessionsRequired ?? false, scopesFor: (target) => scopes.neededFor(target) },
    timeoutMsOf: () => 1000,
    upstreamDigestOf: () => scene.upstreamDigest ?? 'sha256:server',
    aboutUpstream: () => ({ address: 'http://played/', credentialName: 'env:PAY' }),
    attachCredential: scene.attachCredential ?? (async () => new Map()),
  };
  const argumentCheck = new ArgumentCheck(() => false);
  const readTotal: ReadTotal = (counter) => store.ledger.totalOf(counter);
  const limits = new Limits({ clock, readTotal, ...(scene.elapsed && { elapsed: scene.elapsed }) });
  limits.load(store.ledger.balances(clock.now()));
  const approvals = new ApprovalDesk({
    table: store.holds,
    clock,
    log: silent,
    record: (type, members) => trail.write(type, members),
    settings: () => ({ ...deskSettings, ...scene.approvals }),
    voterNow: () => 'unknown',
    requireLatestPolicy: () => {},
  });
  const sessions = new SessionDesk({
    table: store.sessions,
    clock,
    log: silent,
    record: (type, members) => trail.write(type, members),
    allowEndless: () => false,
  });
  const kills = new KillSwitches({
    table: store.kills,
    clock,
    log: silent,
    record: (type, members) => trail.write(type, members),
  });
  const house: House = {
    snapshot: () => snapshot,
    concurrency: new ConcurrencyLimits(),
    limits,
    sessions,
    admissionOf: () => undefined,
    isCurrent: scene.isCurrent ?? (() => true),
    kills,
    line: new WaitingLine(clock),
    approvals,
    upstreams,
    argumentCheck,
    tasks: new TaskHandles(newSealKey()),
    redactor,
    trail,
    clock,
    log: silent,
  };
  const governCall = createGovernCall(house);
  const governListing = createGovernListing(house);
  const requestApproval = createRequestApproval(house);
  return {
    house,
    approvals,
    sessions,
    kills,
    policy,
    store,
    redactor,
    directory,
    forwarded,
    call: (args = { to: 'acct-7', amount: 5 }, more = {}) => governCall(callOf(args, more, clock)),
    ask(wish = {}, more = {}) {
      const words = { tool: 'transfer', action: '', amount: '0', reason: '', longestMs: 60_000 };
      const call = callOf({}, { args: undefined, ...more }, clock);
      return requestApproval(call, { ...words, ...wish });
    },
    async list(caller = 'agent-a', name: ListName = 'tools') {
      const listed = await governListing({ list: name, principal: principal(caller), arrival });
      return listed.map(({ exposedName }) => exposedName);
    },
    async records() {
      await store.journal.drained();
      return store.records.query({ limit: 1000, order: 'asc' });
    },
    async close({ keep = false } = {}) {
      await upstreams.close();
      await store.close();
      if (!keep) rmSync(directory, { recursive: true, force: true });
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

function playedUpstreams(
  scene: Scene,
  forwarded: OutgoingRequest[],
  judge: DefinitionJudge | undefined,
): Upstreams {
  const connect: Connect = async () => ({
    ...quietConnection,
    start: async () =>
      serverFacts({
        revision: '2026-07-28',
        prompts: scene.lists?.['prompts/list'] !== undefined,
        resources: scene.lists?.['resources/list'] !== undefined,
        subscribe: true,
      }),
    async request(request) {
      const listed = { 'tools/list': { tools: [transfer] }, ...scene.lists }[request.method];
      if (listed !== undefined) return { kind: 'result', result: result(JSON.stringify(listed)) };
      forwarded.push(request);
      return (scene.answer ?? ok)(request);
    },
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
    judge,
    connectors: { http: connect, stdio: connect, sse: connect },
  });
}

function asRead(entry: JournalEntry): ReadEntry {
  return JSON.parse(lineOf(entry)) as ReadEntry;
}
