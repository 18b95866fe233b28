import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  type GatewayProcess,
  root,
  sallyport,
  scratchFolder,
  startGateway,
  until,
} from '../gateway-process.js';
import type { Loose } from './approval-scene.js';

const hookSecret = 'a-secret-of-the-webhook';
const adminToken = 'token-of-the-holds';
const inputSchema = { type: 'object', properties: { to: { type: 'string' }, n: { type: 'integer' } } };
const toolNames = ['pay', 'order', 'ship'] as const;
const tokens = {
  agent: { roles: ['agent'] },
  ann: { roles: ['approver'] },
  bob: { roles: ['approver'] },
  root: { roles: ['admin'] },
};

type Person = keyof typeof tokens;

export const keyOf = (who: Person) => `${who}-token`;
type Door = (hold: string) => Promise<boolean>;

/** Two gateways as processes of their own on one data directory, and a service that is told what waits. */
export class TwoGateways {
  readonly #folder = scratchFolder();
  readonly #tokenOf = new Map<string, string>();
  readonly #desk = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    request.on('end', () => {
      const { approval, callback } = JSON.parse(text);
      if (callback !== undefined) this.#tokenOf.set(approval.id, callback.token);
      response.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  #both: GatewayProcess[] = [];

  async start(): Promise<void> {
    await once(this.#desk, 'listening');
    writeFileSync(this.#file('calls.log'), '');
    this.#offer('Does it.');
    for (const name of ['a', 'b']) {
      mkdirSync(this.#file(name));
      this.#both.push(await startGateway(this.#file(name), this.#config(), environment()));
    }
  }

  async close(): Promise<void> {
    for (const gateway of this.#both) await gateway.stop();
    this.#desk.closeAllConnections();
    this.#desk.close();
    this.#folder.remove();
  }

  /** Where each of the two listens. */
  get urls(): string[] {
    return this.#both.map(({ baseUrl }) => baseUrl);
  }

  /** What the upstream was really made to do: the name and the arguments of each call. */
  executed(): { tool: string; args: Loose }[] {
    const lines = readFileSync(this.#file('calls.log'), 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => {
      const [tool = '', args = ''] = line.split(/ (.*)/);
      return { tool, args: JSON.parse(args) };
    });
  }

  async ask(key: string, path: string, more: { at?: number; method?: string; body?: object } = {}) {
    const { at = 0, method, body } = more;
    const response = await fetch(`${this.urls[at]}${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as Loose };
  }

  /** A `tools/call` at one of the two; the result, the error, or what an HTTP refusal says. */
  async call(key: string, name: string, args: object, at = 0): Promise<Loose> {
    const response = await fetch(`${this.urls[at]}/mcp`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${key}`,
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name, arguments: args },
      }),
    });
    const text = await response.text();
    const message = JSON.parse(text.startsWith('{') ? text : text.slice(text.lastIndexOf('data: ') + 6));
    return message.result ?? message.error ?? message;
  }

  /** Until the service was told of so many holds. */
  told(count: number): Promise<void> {
    return until(`${count} notices`, () => this.#tokenOf.size === count);
  }

  /** An approver's key at the API of the first gateway, or of the other process. */
  rest(who: Person, at: number): Door {
    return async (hold) => {
      const { status } = await this.ask(keyOf(who), `/v1/approvals/${hold}/approve`, { at, body: {} });
      return counted(status, [409]);
    };
  }

  /** `/admin/holds`, which makes the call at once. */
  admin(at: number): Door {
    return async (hold) => {
      const { status } = await this.ask(adminToken, `/admin/holds/${hold}/approve`, { at, method: 'POST' });
      return counted(status, [404]);
    };
  }

  /** The form of the approval page, by somebody who signs in at once, on the page of a call that still waits. */
  async page(who: Person, at: number, waiting: string): Promise<Door> {
    const { cookie, token } = await this.#signIn(who, at, waiting);
    return async (hold) => {
      const { body } = await this.ask(keyOf(who), `/v1/approvals/${hold}`, { at });
      const form = { action: 'approve', bind: body.bind, token };
      return counted((await this.#submit({ at, path: `/approve/${hold}`, form, cookie })).status, [409]);
    };
  }

  /** The signed callback of the service. */
  callback(person: string, at: number): Door {
    return async (hold) => {
      const body = JSON.stringify({ token: this.#tokenOf.get(hold), person, verdict: 'approve' });
      const time = String(Math.floor(Date.now() / 1000));
      const mac = createHmac('sha256', hookSecret).update(`${time}.${body}`).digest('hex');
      const response = await fetch(`${this.urls[at]}/hooks/approvals/desk`, {
        method: 'POST',
        headers: { 'X-Sallyport-Timestamp': time, 'X-Sallyport-Signature': `v1=${mac}` },
        body,
      });
      return counted(response.status, [409]);
    };
  }

  /** The command on the machine of the gateways. */
  command(): Door {
    return async (hold) => {
      const args = ['approvals', 'approve', hold, '--data-dir', this.#file('data')];
      const { code, stderr } = await sallyport(this.#folder.path, args);
      if (code !== 0 && !stderr.includes('answered or over already')) throw new Error(stderr);
      return code === 0;
    };
  }

  /** Other definitions of one tool, which both gateways have heard of. */
  async redefine(tool: string, description: string): Promise<void> {
    this.#offer('Does it.', { tool, description });
    for (const at of [0, 1]) {
      await until('the new definition', async () => {
        const { body } = await this.ask(keyOf('agent'), '/v1/tools', { at });
        return body.tools.some((one: Loose) => one.name === tool && one.description === description);
      });
    }
  }

  /** One more policy, made at the first gateway and followed by the other. */
  async addPolicy(name: string, rules: object[]): Promise<void> {
    const made = await this.ask(keyOf('root'), `/v1/policies/${name}`, { method: 'PUT', body: { rules } });
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    await until('the other gateway to follow', async () => {
      return (await this.ask(keyOf('root'), `/v1/policies/${name}`, { at: 1 })).status === 200;
    });
  }

  #file(name: string): string {
    return join(this.#folder.path, name);
  }

  #offer(description: string, other?: { tool: string; description: string }): void {
    const tools = toolNames.map((name) => ({
      name,
      inputSchema,
      description: name === other?.tool ? other.description : description,
    }));
    writeFileSync(this.#file('tools.json'), JSON.stringify(tools));
  }

  async #signIn(who: Person, at: number, hold: string) {
    const path = `/approve/${hold}`;
    const { headers } = await this.#submit({ at, path: `${path}/sign-in`, form: { key: keyOf(who) } });
    const cookie = headers.getSetCookie().at(-1)?.split(';')[0] ?? '';
    const html = await (await fetch(`${this.urls[at]}${path}`, { headers: { Cookie: cookie } })).text();
    return { cookie, token: /name="token" value="([^"]+)"/.exec(html)?.[1] ?? '' };
  }

  async #submit(sent: { at: number; path: string; form: Record<string, string>; cookie?: string }) {
    const { at, path, form, cookie = '' } = sent;
    const origin = this.urls[at] ?? '';
    const response = await fetch(`${origin}${path}`, {
      method: 'POST',
      headers: { Origin: origin, Cookie: cookie },
      body: new URLSearchParams(form),
      redirect: 'manual',
    });
    await response.text();
    return response;
  }

  #config(): object {
    const server = join(root, 'test/fixtures/changing-server.mjs');
    const files = ['--tools', this.#file('tools.json'), '--log', this.#file('calls.log')];
    const url = `http://127.0.0.1:${(this.#desk.address() as AddressInfo).port}/holds`;
    const people = { 'ann@example.org': 'ann', 'bob@example.org': 'bob' };
    return {
      dataDir: this.#file('data'),
      auth: {
        tokens: Object.entries(tokens).map(([principal, one]) => ({
          principal,
          tokens: [`env:${variableOf(principal)}`],
          ...one,
        })),
      },
      upstreams: {
        bank: {
          command: process.execPath,
          args: [server, ...files, '--with-arguments'],
          // The same for both: run elsewhere it would be another server, about which people are asked again.
          cwd: this.#folder.path,
          pins: 'follow',
        },
      },
      policy: {
        default: 'allow',
        rules: [{ id: 'money', match: { tools: [...toolNames] }, effect: 'ask', reason: 'Somebody looks.' }],
      },
      approvals: {
        mode: 'hold',
        perCaller: 500,
        perTenant: 500,
        adminToken: 'env:HOLDS',
        channels: [{ kind: 'webhook', name: 'desk', url, secret: 'env:HOOK', people }],
      },
    };
  }
}

function environment(): Record<string, string> {
  const own = Object.keys(tokens).map((name) => [variableOf(name), keyOf(name as Person)]);
  return { HOLDS: adminToken, HOOK: hookSecret, ...Object.fromEntries(own) };
}

function variableOf(person: string): string {
  return `TOKEN_${person.toUpperCase()}`;
}

/** Whether an answer counted; anything but a yes or "too late" is a fault of the test. */
function counted(status: number, late: readonly number[]): boolean {
  if (status === 200 || status === 303) return true;
  if (!late.includes(status)) throw new Error(`an answer got ${status}`);
  return false;
}
