import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configInMemory } from '../../../packages/gateway/src/app/config/load-config.js';
import { createApprovals } from '../../../packages/gateway/src/app/create-approvals.js';
import { contentPolicyOf, createTrail } from '../../../packages/gateway/src/app/create-trail.js';
import { type Gateway, openGateway } from '../../../packages/gateway/src/app/gateway.js';
import { systemClock } from '../../../packages/gateway/src/lib/clock.js';
import type { AuditRecord } from '../../../packages/gateway/src/model/record.js';
import { openStore } from '../../../packages/gateway/src/store/open-store.js';
import { root, scratchFolder, until } from '../gateway-process.js';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const schema = { type: 'object', properties: { to: { type: 'string' }, n: { type: 'integer' } } };
const toolsWith = (description: string) => [
  { name: 'pay', description, inputSchema: schema },
  { name: 'look', description: 'Looks.', inputSchema: schema },
  { name: 'quote', inputSchema: schema, outputSchema: { type: 'object', properties: {} } },
];

export const holdKey = 'io.github.sallyport/hold';
export const refusalKey = 'io.github.sallyport/refusal';

/** People and agents of the scene; the key of each is its name and `-token`. */
const people = {
  'agent-a': { roles: ['agent'] },
  'agent-b': { roles: ['agent'] },
  /** An agent whose key is also good for answers, and belongs to somebody. */
  deputy: { roles: ['agent', 'approver'], labels: { owner: 'olga' } },
  ann: { roles: ['approver'] },
  bob: { roles: ['approver'] },
  olga: { roles: ['approver', 'admin'] },
  aud: { roles: ['auditor'] },
};

export type Person = keyof typeof people;

/** JSON of which a test itself says what it expects. */
// biome-ignore lint/suspicious/noExplicitAny: as the sentence above says
export type Loose = any; // oxlint-disable-line typescript/no-explicit-any

export interface Answered {
  readonly status: number;
  readonly body: Loose;
  readonly headers: Headers;
}

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A gateway on a port of its own in front of a real server, for as long as a test takes. */
export class ApprovalScene {
  readonly folder: string;
  readonly #remove: () => void;
  #gateway: Gateway | undefined;
  url = '';

  private constructor(folder: string, remove: () => void) {
    this.folder = folder;
    this.#remove = remove;
  }

  static async open(more: object = {}, environment: Record<string, string> = {}): Promise<ApprovalScene> {
    const { path, remove } = scratchFolder();
    const scene = new ApprovalScene(path, remove);
    scene.offer('Pays.');
    writeFileSync(join(path, 'calls.log'), '');
    await scene.start(more, environment);
    return scene;
  }

  async start(more: object = {}, environment: Record<string, string> = {}): Promise<void> {
    this.#gateway = await openGateway({
      config: await this.#config(more, environment),
      log: silent as never,
      clock: systemClock,
      mode: 'serve',
    });
    const { url = '' } = await this.#gateway.start();
    this.url = url.replace(/\/mcp$/, '');
  }

  async reload(more: object, environment: Record<string, string> = {}): Promise<void> {
    await this.#gateway?.reload(await this.#config(more, environment));
  }

  async stop(): Promise<void> {
    await this.#gateway?.stop('test');
    this.#gateway = undefined;
  }

  async close(): Promise<void> {
    await this.stop();
    this.#remove();
  }

  /** What the server says of its tool. */
  offer(description: string): void {
    writeFileSync(join(this.folder, 'tools.json'), JSON.stringify(toolsWith(description)));
  }

  /** How the server of the scene is started. */
  #server(): { command: string; args: string[] } {
    const server = join(root, 'test/fixtures/changing-server.mjs');
    const files = ['--tools', join(this.folder, 'tools.json'), '--log', join(this.folder, 'calls.log')];
    return { command: process.execPath, args: [server, ...files] };
  }

  /** The tools that were really called. */
  called(): string[] {
    return readFileSync(join(this.folder, 'calls.log'), 'utf8').split('\n').filter(Boolean);
  }

  /** Gives up telling a channel, as after many tries; false while there is nothing to tell. */
  giveUpNotice(channel: string, hold: string): boolean {
    const notices = this.#gateway?.store.notices;
    const notice = notices?.find(channel, hold);
    if (notice !== undefined) notices?.giveUp(notice, Date.now(), 'test');
    return notice !== undefined;
  }

  async records(...types: readonly string[]): Promise<AuditRecord[]> {
    const store = this.#gateway?.store;
    await store?.journal.drained();
    const rows = (await store?.records.query({ limit: 1000, order: 'asc' })) ?? [];
    return rows.map(({ record }) => record).filter(({ type }) => types.includes(type));
  }

  async rest(who: Person | undefined, path: string, more: Sent = {}): Promise<Answered> {
    const headers = who === undefined ? {} : { Authorization: `Bearer ${who}-token` };
    const response = await fetch(`${this.url}${path}`, { ...more, headers: { ...headers, ...more.headers } });
    const text = await response.text();
    return {
      status: response.status,
      body: text === '' ? undefined : JSON.parse(text),
      headers: response.headers,
    };
  }

  post(who: Person | undefined, path: string, body: object = {}): Promise<Answered> {
    const headers = { 'Content-Type': 'application/json' };
    return this.rest(who, path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /** A `tools/call` of a legacy client without a session, as one line of JSON comes back. */
  async call(who: Person, args: object, name = 'pay', signal?: AbortSignal): Promise<Loose> {
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } };
    const response = await fetch(`${this.url}/mcp`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${who}-token`,
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify(message),
      ...(signal === undefined ? {} : { signal }),
    });
    const text = await response.text();
    const data = text.startsWith('{') ? text : text.slice(text.lastIndexOf('data: ') + 6);
    return JSON.parse(data).result ?? JSON.parse(data).error;
  }

  /** Approves as an operator does on the machine of a gateway, whether that runs or not; says whether it counted. */
  async answerInStore(id: string): Promise<boolean> {
    const config = await this.#config({}, {});
    const log = silent as never;
    const directory = config.dataDir;
    const store = await openStore({ directory, durability: 'process', clock: systemClock, log });
    const content = () => contentPolicyOf(config);
    const trail = createTrail(store, { clock: systemClock, log, content, redact: (text) => text });
    const desk = createApprovals({
      store,
      trail,
      clock: systemClock,
      log,
      config: () => config,
      layer: () => store.layer.current(),
    });
    const by = {
      id: 'cli:op',
      credential: 'cli',
      tenant: 'default',
      roles: ['approver' as const],
      labels: {},
    };
    const seen = desk.find(id)?.bind ?? '';
    const { kind } = await desk.answer(id, { by, verdict: 'approve', channel: 'cli', seen });
    await store.close();
    return kind === 'taken';
  }

  /** The holds that wait, once there are so many. */
  async pending(count = 1): Promise<{ id: string; bind: string; caller: string }[]> {
    let holds: { id: string; bind: string; caller: string }[] = [];
    await until(`${count} holds`, async () => {
      holds = (await this.rest('ann', '/v1/approvals?state=pending')).body.approvals;
      return holds.length === count;
    });
    return holds;
  }

  async #config(more: object, environment: Record<string, string>) {
    const tokens = Object.entries(people).map(([principal, one]) => ({
      principal,
      tokens: [`env:${variableOf(principal)}`],
      ...one,
    }));
    const own = Object.keys(people).map((name) => [variableOf(name), `${name}-token`]);
    const { issuers, ...rest } = more as { readonly issuers?: readonly object[] };
    const config = {
      listen: { host: '127.0.0.1', port: 0 },
      dataDir: 'data',
      auth: { tokens, ...(issuers === undefined ? {} : { issuers }) },
      upstreams: { bank: this.#server() },
      policy: {
        default: 'allow',
        rules: [{ id: 'money', match: { tools: ['pay', 'quote'] }, effect: 'ask', reason: 'Finance looks.' }],
      },
      approvals: { mode: 'hold' },
      ...rest,
    };
    Object.assign(config.upstreams.bank, { ...this.#server(), ...config.upstreams.bank });
    return configInMemory(config as never, this.folder, {
      environment: { PATH: process.env.PATH ?? '', ...Object.fromEntries(own), ...environment },
    });
  }
}

function variableOf(person: string): string {
  return `TOKEN_${person.replace('-', '_').toUpperCase()}`;
}
