import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Item } from './corpus.js';
import { Gateway } from './gateway.js';
import type { Names } from './placeholders.js';
import type { Received, Script } from './upstreams/fixture-server.mjs';
import { HttpUpstream } from './upstreams/http-upstream.js';
import { StdioUpstream } from './upstreams/stdio-upstream.js';

const secrets = {
  SECRET_ECHO: 'echo-token-5f1c9a7e3b',
  SECRET_PAY: 'pay-token-0d82c6b41f',
  SECRET_MAIL: 'mail-key-97ab34e2d0',
};

const originHost = 'gateway.example';

/** Callers whose keys the cases use, by placeholder. */
const callers = { KEY_A: 'agent-a', KEY_B: 'agent-b' };

interface Rule {
  readonly id: string;
  readonly match: { readonly tools: readonly string[]; readonly principals?: readonly string[] };
  readonly when?: string;
  readonly effect: 'allow' | 'deny' | 'hide';
  readonly reason?: string;
}

/** Plain segments only: what would have to be normalised first is not inside. */
const insidePublic =
  'args.path.matches("/data/public/([A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*/?")';

function forAgentA(id: string, tools: string[], when?: string): Rule {
  return {
    id,
    match: { tools, principals: ['agent-a'] },
    effect: 'allow',
    ...(when === undefined ? {} : { when }),
  };
}

/**
 * The fixture policy. Holds, budgets and rate limits are not offered yet: what the corpus wants held is not allowed.
 */
const fixtureRules: readonly Rule[] = [
  {
    id: 'no-delete',
    match: { tools: ['files:delete_file'] },
    effect: 'deny',
    reason: 'Files are never deleted.',
  },
  forAgentA('public-files', ['files:read_file', 'files:list_dir'], insidePublic),
  forAgentA(
    'small-transfers',
    ['pay:transfer'],
    'args.currency == "EUR" && args.amount > 0 && args.amount <= 100',
  ),
  forAgentA('balance', ['pay:balance']),
  forAgentA(
    'refund-in-office-hours',
    ['pay:refund'],
    'now.getDayOfWeek("Europe/Berlin") >= 1 && now.getDayOfWeek("Europe/Berlin") <= 5 && ' +
      'now.getHours("Europe/Berlin") >= 9 && now.getHours("Europe/Berlin") < 17',
  ),
  forAgentA(
    'mail-inside',
    ['mail:send'],
    'size(args.to) > 0 && args.to.all(to, to.matches("[^@]+@corp[.]example"))',
  ),
  forAgentA('select-only', ['db:query'], 'args.sql.matches("(?s)SELECT [^;]*")'),
  forAgentA('run', ['db:run']),
  forAgentA('echo', ['echo:*']),
  { id: 'echo-for-b', match: { tools: ['echo:echo'], principals: ['agent-b'] }, effect: 'allow' },
];

/** What a set-up of a case adds to the policy; a set-up that is not here cannot be made. */
const extraRules: Readonly<Record<string, readonly Rule[]>> = {
  'agent-b may call echo.slow': [
    { id: 'slow-for-b', match: { tools: ['echo:slow'], principals: ['agent-b'] }, effect: 'allow' },
  ],
  'rate limit off for this case': [],
  'elicitation from echo is allowed': [],
};

/** Whether the fixture can be set up that way. */
export function canSetUp(item: Item): boolean {
  return typeof item.policy === 'string' && Object.hasOwn(extraRules, item.policy);
}

/** An upstream of the fixture, seen from the harness. */
interface FixtureUpstream {
  /** All messages since the start, in order. */
  readonly received: readonly Received[];
  script(script: Script): void;
}

/** The gateway and everything around it, as the corpus describes them. */
export interface Fixture {
  readonly gateway: Gateway;
  readonly upstreams: Readonly<Record<string, FixtureUpstream>>;
  readonly names: Names;
  close(): Promise<void>;
}

/** Starts the fixture; `setup` are the set-up items of a case. */
export async function startFixture(setup: readonly Item[]): Promise<Fixture> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-upstreams-'));
  const stdio = {
    echo: new StdioUpstream('echo', folder, ['modern', 'legacy']),
    files: new StdioUpstream('files', folder, ['legacy']),
  };
  const http = {
    pay: new HttpUpstream({
      id: 'pay',
      era: 'modern',
      credential: ['Authorization', `Bearer ${secrets.SECRET_PAY}`],
    }),
    mail: new HttpUpstream({ id: 'mail', era: 'legacy', credential: ['X-Api-Key', secrets.SECRET_MAIL] }),
    db: new HttpUpstream({ id: 'db', era: 'modern' }),
  };
  await Promise.all(Object.values(http).map((upstream) => upstream.listen()));
  const gateway = await Gateway.prepare({
    environment: secrets,
    listen: { allowedOrigins: [`https://${originHost}`], maxBodyBytes: 1_048_576 },
    config: {
      names: { prefix: 'always' },
      upstreams: {
        echo: { command: stdio.echo.command, args: stdio.echo.args, env: { ECHO_TOKEN: 'env:SECRET_ECHO' } },
        files: { command: stdio.files.command, args: stdio.files.args },
        pay: { url: http.pay.url, headers: { Authorization: `Bearer \${env:SECRET_PAY}` } },
        mail: { url: http.mail.url, headers: { 'X-Api-Key': 'env:SECRET_MAIL' } },
        db: { url: http.db.url },
      },
      policy: {
        default: 'deny',
        rules: [...fixtureRules, ...setup.flatMap((item) => extraRules[String(item.policy)] ?? [])],
      },
      shutdown: { drainSeconds: 1 },
    },
  });
  const close = async () => {
    await gateway.stop();
    await Promise.all(Object.values(http).map((upstream) => upstream.close()));
    rmSync(folder, { recursive: true });
  };
  try {
    const keys = await makeKeys(gateway);
    await gateway.start();
    const names = { host: gateway.host, port: gateway.port, originHost, secrets: { ...secrets, ...keys } };
    return { gateway, upstreams: { ...stdio, ...http }, names, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function makeKeys(gateway: Gateway): Promise<Record<string, string>> {
  const keys: Record<string, string> = {};
  for (const [placeholder, principal] of Object.entries(callers))
    keys[placeholder] = await gateway.createKey(principal);
  return keys;
}
