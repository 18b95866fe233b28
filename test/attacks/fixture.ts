import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FakeSlack } from '../fixtures/fake-slack.js';
import type { Item } from './corpus.js';
import { configOf, httpUpstreams, isApprovedOnly, originHost, upstreamSecrets } from './fixture-config.js';
import { agents, makePeople, ownerOfA, type People } from './fixture-people.js';
import { Gateway } from './gateway.js';
import { type Names, Placeholders } from './placeholders.js';
import { exchangeOnce } from './raw-http.js';
import { publicJwk } from './tokens.js';
import { Canary } from './upstreams/canary.js';
import type { Received, Script } from './upstreams/fixture-server.mjs';
import { Issuer } from './upstreams/issuer.js';
import { StdioUpstream } from './upstreams/stdio-upstream.js';

/** An upstream of the fixture, seen from the harness. */
export interface FixtureUpstream {
  /** All messages since the start, in order. */
  readonly received: readonly Received[];
  /** Only of programs: the ids of all processes that were ever started. */
  readonly pids?: readonly number[];
  script(script: Script): Promise<void>;
}

/** The gateway and everything around it, as the corpus describes them. */
export interface Fixture {
  readonly gateway: Gateway;
  readonly upstreams: Readonly<Record<string, FixtureUpstream>>;
  readonly canary: Canary;
  readonly names: Names;
  /** What `Gateway.adminState` was when it started. */
  readonly adminState: string;
  /** Where people are told of holds, in cases about that. */
  readonly chat?: FakeSlack | undefined;
  /** The key or token of an agent or a person of the corpus; throws for somebody else. */
  credentialOf(name: string): string;
  close(): Promise<void>;
}

/** What is special about the fixture of a case. */
export interface FixtureOptions {
  /** The set-up items of the case. */
  readonly setup: readonly Item[];
  readonly turnsClock: boolean;
  readonly evilEra: 'modern' | 'legacy';
  /** Whether people are told of holds in a chat. */
  readonly hasChat: boolean;
  /** Whether somebody may approve beforehand. */
  readonly remembers: boolean;
}

/** Starts the fixture. */
export async function startFixture(options: FixtureOptions): Promise<Fixture> {
  const { setup } = options;
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-upstreams-'));
  const stdio = {
    echo: new StdioUpstream('echo', folder, ['modern', 'legacy']),
    files: new StdioUpstream('files', folder, ['legacy']),
  };
  const http = httpUpstreams(options.evilEra);
  const upstreams = { ...stdio, ...http };
  const canary = new Canary();
  const issuer = new Issuer([publicJwk('idp-1')]);
  const servers = [canary, issuer, ...Object.values(http)];
  await Promise.all(servers.map((server) => server.listen()));
  const chat = options.hasChat ? await FakeSlack.open() : undefined;
  const people = makePeople({ withHead: options.remembers });
  const gateway = await Gateway.prepare({
    environment: { ...upstreamSecrets, ...people.environment, ...chat?.environment },
    turnsClock: options.turnsClock,
    listen: { allowedOrigins: [`https://${originHost}`], maxBodyBytes: 1_048_576 },
    config: configOf({ setup, upstreams, issuer, people: people.configured, chat }),
  });
  const close = async () => {
    await gateway.stop();
    chat?.close();
    await Promise.all(servers.map((server) => server.close()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const known = await begin(gateway, canary, people);
    if (isApprovedOnly(setup)) await acceptEvil({ gateway, names: known.names });
    return { gateway, upstreams, canary, chat, close, ...known };
  } catch (error) {
    await close();
    throw error;
  }
}

type Known = Pick<Fixture, 'names' | 'adminState' | 'credentialOf'>;

/** Starts the gateway with an administrator, who makes the keys of the agents; remembers what is decided there. */
async function begin(gateway: Gateway, canary: Canary, people: People): Promise<Known> {
  const admin = await gateway.createKey('admin-1', '--roles', 'admin');
  await gateway.start(admin);
  const keys: Record<string, string> = {};
  for (const [placeholder, name] of Object.entries(agents)) {
    const labels = name === 'agent-a' ? { owner: ownerOfA } : {};
    keys[placeholder] = await gateway.createAgentKey(name, labels);
  }
  const byName = Object.entries(agents).map(([placeholder, name]) => [name, keys[placeholder]] as const);
  const credentials = new Map([...Object.entries(people.tokens), ...byName, ['admin-1', admin] as const]);
  const credentialOf = (name: string): string => {
    const credential = credentials.get(name);
    if (credential === undefined) throw new Error(`the fixture has nobody named ${name}`);
    return credential;
  };
  const { host, port } = gateway;
  const names = { host, port, originHost, canaryHost: canary.host, secrets: { ...upstreamSecrets, ...keys } };
  return { names, credentialOf, adminState: await gateway.adminState() };
}

/** Resolves when agent-e is offered what evil offers. */
async function acceptEvil({ gateway, names }: Pick<Fixture, 'gateway' | 'names'>): Promise<void> {
  await gateway.acceptPins('evil');
  const placeholders = new Placeholders(names);
  const list = `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":${modernMeta}}}`;
  const headers = [
    `Authorization: Bearer {{KEY_E}}`,
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    'MCP-Protocol-Version: 2026-07-28',
    'Mcp-Method: tools/list',
    `Content-Length: ${list.length}`,
  ];
  const text = `POST /mcp HTTP/1.1\r\nHost: {{HOST}}\r\n${headers.join('\r\n')}\r\n\r\n${list}`;
  const bytes = Buffer.from(placeholders.expand(text));
  for (const deadline = Date.now() + 20_000; ; await sleep(20)) {
    const exchange = await exchangeOnce(names, bytes);
    if (exchange.text.includes(placeholders.expand('"{{T:evil.t1}}"'))) return;
    if (Date.now() > deadline) throw new Error(`evil.t1 is not offered: ${exchange.text}\n${gateway.log}`);
  }
}

const modernMeta =
  '{"io.modelcontextprotocol/protocolVersion":"2026-07-28",' +
  '"io.modelcontextprotocol/clientInfo":{"name":"corpus","version":"1.0.0"},' +
  '"io.modelcontextprotocol/clientCapabilities":{}}';
