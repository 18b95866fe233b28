import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ClientKind,
  type CompatibilityClient,
  clientKinds,
  type Person,
} from './compatibility/clients.js';
import { startServers } from './compatibility/servers.js';
import {
  childEnvironment,
  type GatewayProcess,
  gatewayMain,
  scratchFolder,
  startGateway,
  writeConfig,
} from './gateway-process.js';

const rounds = 3;
const callsAtOnce = 3;
const scratch = scratchFolder();
const env = { ALICE: 'alice-token-0001', BOB: 'bob-token-00002' };

let servers: Awaited<ReturnType<typeof startServers>>;
let gateway: GatewayProcess;

beforeAll(async () => {
  servers = await startServers(scratch.path, join(scratch.path, 'notes.txt'));
  gateway = await startGateway(ownFolder('gateway'), configuration(), env);
});

afterAll(async () => {
  await gateway.stop();
  servers.stop();
  scratch.remove();
});

function configuration(): object {
  const token = (principal: string) => ({ principal, tokens: [`env:${principal.toUpperCase()}`] });
  return {
    auth: { tokens: [token('alice'), token('bob')] },
    names: { prefix: 'always' },
    upstreams: servers.upstreams,
    policy: { default: 'allow', rules: [{ id: 'all', match: { methods: ['*'] }, effect: 'allow' }] },
  };
}

let folders = 0;

function ownFolder(name: string): string {
  folders += 1;
  const path = join(scratch.path, `${name}-${folders}`);
  mkdirSync(path);
  return path;
}

function connect(kind: ClientKind, who: keyof typeof env, person: Person): Promise<CompatibilityClient> {
  const path = kind.transport === 'stdio' ? writeConfig(ownFolder('stdio'), configuration()) : '';
  const args = [gatewayMain, 'stdio', '--config', path];
  const program = { command: process.execPath, args, env: { ...childEnvironment(scratch.path), ...env } };
  return kind.connect({ baseUrl: gateway.baseUrl, token: env[who], program }, person);
}

function kindOf(transport: string, revision: string): ClientKind {
  const kind = clientKinds.find((one) => one.transport === transport && one.revision === revision);
  if (kind === undefined) throw new Error(`no client of ${revision} over ${transport}`);
  return kind;
}

/** Answers in its own name, later the more it is asked at once, and remembers what it was asked. */
class Caller implements Person {
  readonly asked: string[] = [];
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  answer(question: string): Promise<string> {
    return this.#say(`${this.#name} answers ${question}`, question);
  }

  complete(prompt: string): Promise<string> {
    return this.#say(`${this.#name}'s model completes ${prompt}`, prompt);
  }

  async #say(text: string, question: string): Promise<string> {
    this.asked.push(question);
    // Answers overtake each other, so that one that goes to whoever waits longest is noticed.
    await new Promise((resolve) =>
      setTimeout(resolve, 5 * (callsAtOnce - (this.asked.length % callsAtOnce))),
    );
    return text;
  }
}

const bridges = [
  ['an SDK 1.x client', '2025-11-25', 'modern'],
  ['a modern SDK 2.x client', '2026-07-28', 'legacy'],
] as const;
const transports = ['HTTP', 'stdio'] as const;
const pairs = bridges.flatMap(([client, revision, era]) =>
  transports.flatMap((from) =>
    transports.map((to) => ({ client, from, kind: () => kindOf(from, revision), to, era })),
  ),
);

describe.each(pairs)('$client over $from and a $era server over $to', ({ kind, to, era }) => {
  const consult = `${to.toLowerCase()}-${era}__consult`;

  /** Asks under a name of its own; gives what the tool heard from the user and from the model. */
  async function ask(client: CompatibilityClient, question: string): Promise<string> {
    const result = await client.call(consult, { question });
    return result.content[0]?.text ?? JSON.stringify(result);
  }

  it(`lets the server ask user and model in one call, ${rounds} times`, async () => {
    const alice = new Caller('Alice');
    const client = await connect(kind(), 'ALICE', alice);
    for (let round = 0; round < rounds; round += 1) {
      const question = `round ${round}?`;
      const heard = await ask(client, question);
      expect(heard).toContain(`Alice answers ${question}`);
      expect(heard).toContain(`Alice's model completes ${question}`);
    }
    await client.close();
  });

  const couples = [
    ['two callers', 'BOB'],
    ['two clients of one caller', 'ALICE'],
  ] as const;

  it.each(couples)('gives %s each their own questions, however their calls overlap', async (_, second) => {
    const callers = { Alice: new Caller('Alice'), Bob: new Caller('Bob') };
    const clients = {
      Alice: await connect(kind(), 'ALICE', callers.Alice),
      Bob: await connect(kind(), second, callers.Bob),
    };
    const names = ['Alice', 'Bob'] as const;
    const calls = Array.from({ length: callsAtOnce }, (_, index) =>
      names.map(async (name) => {
        const question = `${name}'s ${index}?`;
        return { name, question, heard: await ask(clients[name], question) };
      }),
    );
    for (const { name, question, heard } of await Promise.all(calls.flat())) {
      expect(heard).toContain(`${name} answers ${question}`);
      expect(heard).toContain(`${name}'s model completes ${question}`);
    }
    for (const name of names) {
      expect(callers[name].asked.filter((question) => !question.startsWith(`${name}'s `))).toEqual([]);
      await clients[name].close();
    }
  });
});
