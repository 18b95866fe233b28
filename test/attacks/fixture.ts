import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Item } from './corpus.js';
import { approvedOnly, extraRules, fixtureRules } from './fixture-policy.js';
import { type Config, Gateway } from './gateway.js';
import { type Names, Placeholders } from './placeholders.js';
import { exchangeOnce } from './raw-http.js';
import { publicJwk } from './tokens.js';
import { Canary } from './upstreams/canary.js';
import type { Received, Script } from './upstreams/fixture-server.mjs';
import { HttpUpstream } from './upstreams/http-upstream.js';
import { Issuer } from './upstreams/issuer.js';
import { StdioUpstream } from './upstreams/stdio-upstream.js';

const secrets = {
  SECRET_ECHO: 'echo-token-5f1c9a7e3b',
  SECRET_PAY: 'pay-token-0d82c6b41f',
  SECRET_MAIL: 'mail-key-97ab34e2d0',
};

const originHost = 'gateway.example';

/** Callers whose keys the cases use, by placeholder. */
const callers = { KEY_A: 'agent-a', KEY_B: 'agent-b', KEY_E: 'agent-e' };

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
  /** The key of somebody of the group finance who may answer holds. */
  readonly approverKey: string;
  /** The key of somebody who may look at everything and change nothing. */
  readonly auditorKey: string;
  readonly adminKey: string;
  close(): Promise<void>;
}

/** What is special about the fixture of a case. */
export interface FixtureOptions {
  /** The set-up items of the case. */
  readonly setup: readonly Item[];
  readonly turnsClock: boolean;
  readonly evilEra: 'modern' | 'legacy';
}

/** Starts the fixture. */
export async function startFixture(options: FixtureOptions): Promise<Fixture> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-upstreams-'));
  const stdio = {
    echo: new StdioUpstream('echo', folder, ['modern', 'legacy']),
    files: new StdioUpstream('files', folder, ['legacy']),
  };
  const http = httpUpstreams(options.evilEra);
  const canary = new Canary();
  const issuer = new Issuer([publicJwk('idp-1')]);
  await Promise.all([canary, issuer, ...Object.values(http)].map((server) => server.listen()));
  const gateway = await Gateway.prepare({
    environment: secrets,
    turnsClock: options.turnsClock,
    listen: { allowedOrigins: [`https://${originHost}`], maxBodyBytes: 1_048_576 },
    config: { ...configOf(options.setup, { ...stdio, ...http }), auth: authOf(issuer) },
  });
  const close = async () => {
    await gateway.stop();
    await Promise.all([canary, issuer, ...Object.values(http)].map((server) => server.close()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const {
      APPROVER: approverKey = '',
      AUDITOR: auditorKey = '',
      ADMIN: adminKey = '',
      ...keys
    } = await makeKeys(gateway);
    await gateway.start();
    const { host, port } = gateway;
    const names = { host, port, originHost, canaryHost: canary.host, secrets: { ...secrets, ...keys } };
    const adminState = await gateway.adminState();
    const fixture = {
      gateway,
      upstreams: { ...stdio, ...http },
      canary,
      names,
      adminState,
      approverKey,
      auditorKey,
      adminKey,
      close,
    };
    if (isApprovedOnly(options.setup)) await acceptEvil(fixture);
    return fixture;
  } catch (error) {
    await close();
    throw error;
  }
}

/** The issuer of the fixture; its keys are on this machine, wherever it says that it is. */
function authOf({ keysUrl }: Issuer): object {
  const issuer = {
    issuer: 'https://idp.example',
    jwksUri: keysUrl,
    audience: [`https://${originHost}/mcp`],
    scopes: { 'mcp:tools': ['mcp:call'] },
  };
  return { publicUrl: `https://${originHost}`, issuers: [issuer] };
}

function isApprovedOnly(setup: readonly Item[]): boolean {
  return setup.some((item) => item.policy === approvedOnly);
}

function httpUpstreams(evilEra: FixtureOptions['evilEra']) {
  return {
    pay: new HttpUpstream({
      id: 'pay',
      era: 'modern',
      credential: ['Authorization', `Bearer ${secrets.SECRET_PAY}`],
    }),
    mail: new HttpUpstream({ id: 'mail', era: 'legacy', credential: ['X-Api-Key', secrets.SECRET_MAIL] }),
    db: new HttpUpstream({ id: 'db', era: 'modern' }),
    evil: new HttpUpstream({ id: 'evil', era: evilEra }),
  };
}

interface Upstreams extends ReturnType<typeof httpUpstreams> {
  readonly echo: StdioUpstream;
  readonly files: StdioUpstream;
}

function configOf(setup: readonly Item[], { echo, files, pay, mail, db, evil }: Upstreams): Config {
  return {
    names: { prefix: 'always' },
    upstreams: {
      echo: { command: echo.command, args: echo.args, env: { ECHO_TOKEN: 'env:SECRET_ECHO' } },
      files: { command: files.command, args: files.args },
      pay: { url: pay.url, headers: { Authorization: `Bearer \${env:SECRET_PAY}` } },
      mail: { url: mail.url, headers: { 'X-Api-Key': 'env:SECRET_MAIL' } },
      db: { url: db.url },
      evil: { url: evil.url, pins: isApprovedOnly(setup) ? 'ask' : 'trust' },
    },
    // Who must wait for an approver waits a second, so that a case does not take a minute.
    approvals: { waitSeconds: 1 },
    limits: { concurrentCallsPerUpstream: 64 },
    policy: {
      default: 'deny',
      rules: [...fixtureRules, ...setup.flatMap((item) => extraRules[String(item.policy)] ?? [])],
    },
    shutdown: { drainSeconds: 1 },
  };
}

async function makeKeys(gateway: Gateway): Promise<Record<string, string>> {
  const keys: Record<string, string> = {};
  for (const [placeholder, principal] of Object.entries(callers))
    keys[placeholder] = await gateway.createKey(principal);
  keys.APPROVER = await gateway.createKey('approver-1', '--roles', 'approver', '--label', 'groups=finance');
  keys.AUDITOR = await gateway.createKey('auditor-1', '--roles', 'auditor');
  keys.ADMIN = await gateway.createKey('admin-1', '--roles', 'admin');
  return keys;
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
