import { FalseProvider } from '../e2e/identity/false-provider.js';
import { ask } from './admin-steps.js';
import type { CaseRun } from './case-run.js';
import type { Judge } from './judge.js';
import { type Exchange, exchangeOnce, headerOf } from './raw-http.js';
import type { Step } from './steps.js';

interface OAuth {
  readonly op: 'start' | 'callback';
  readonly browser: string;
  readonly as?: string;
  readonly save?: string;
  readonly flow?: string;
  readonly iss?: string;
}

interface Login {
  readonly as: string;
  readonly save: string;
  readonly next?: string;
}

interface ConsoleRequest {
  readonly session: string;
  readonly action: 'approve' | 'open';
  readonly hold?: string;
  readonly http_method?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly csrf_token?: 'omit';
  readonly save?: string;
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly browser: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
}

/** What the people of one case have open. */
interface People {
  provider?: FalseProvider;
  /** The cookies of each browser, by name. */
  readonly jars: Map<string, Map<string, string>>;
  /** Where the provider sends the browser of each flow back to. */
  readonly flows: Map<string, string>;
  readonly logins: Map<string, Exchange>;
}

const people = new WeakMap<CaseRun, People>();
const provider = 'people/';

function peopleOf(run: CaseRun): People {
  const known = people.get(run) ?? { jars: new Map(), flows: new Map(), logins: new Map() };
  people.set(run, known);
  return known;
}

/** People in browsers. The one OAuth flow that the gateway starts is the sign-in at an OpenID provider. */
export const signInSteps: Readonly<Record<string, Step>> = {
  async oauth(run, item) {
    const { op, browser, as = '', save = '', flow = '', iss } = item.oauth as OAuth;
    const open = await withProvider(run);
    if (op === 'start') {
      open.flows.set(save, await begin(run, browser, as));
      return;
    }
    // Whoever is led to the callback of somebody else may be on the way themselves.
    if (!peopleOf(run).jars.has(browser)) await begin(run, browser, 'another');
    const back = new URL(open.flows.get(flow) ?? '');
    if (iss !== undefined) back.searchParams.set('iss', iss);
    const exchange = await send(run, { method: 'GET', path: back.pathname + back.search, browser });
    run.answered.push({ exchange, counters: {} });
  },

  /** Somebody signs in on the console with their key. */
  async console_login(run, item) {
    const { save, next = '/console' } = item.console_login as Login;
    const fields = new URLSearchParams({ key: run.fixture.credentialOf('approver-1'), return: next });
    const headers = [
      ['Content-Type', 'application/x-www-form-urlencoded'],
      ['Origin', run.expand('http://{{HOST}}')],
    ] as const;
    const sent = { method: 'POST', path: '/sign-in', browser: save, headers, body: fields.toString() };
    const exchange = await send(run, sent);
    peopleOf(run).logins.set(save, exchange);
    run.answered.push({ exchange, counters: {} });
  },

  /** What a page in that browser sends, with its cookies; a write without the token that pages of ours have. */
  async console_request(run, item) {
    const {
      session,
      action,
      hold = '',
      http_method: method = 'POST',
      headers = [],
      save,
    } = item.console_request as ConsoleRequest;
    const isOpen = action === 'open';
    const path = isOpen ? '/console/index.html' : `/v1/approvals/${run.holds.get(hold)}/approve`;
    const isRead = isOpen || method === 'GET';
    const exchange = await send(run, {
      method: isOpen ? 'GET' : method,
      path,
      browser: session,
      headers: [...headers, ...(isRead ? [] : ([['Content-Type', 'application/json']] as const))],
      ...(isRead ? {} : { body: '{}' }),
    });
    const answered = { exchange, counters: {} };
    run.answered.push(answered);
    if (save !== undefined) run.save(save, answered);
  },
};

/** What is left of people who signed in, or did not. */
export const signInJudges: Readonly<Record<string, Judge>> = {
  async oauth_grant_absent(run) {
    const { sign_ins: all } = JSON.parse(
      (await ask(run, { method: 'GET', path: '/v1/sign-ins', key: run.fixture.credentialOf('admin-1') }))
        .responses[0]?.body ?? '{}',
    ) as { sign_ins: { principal: string }[] };
    const found = all.filter(({ principal }) => principal.startsWith(provider));
    return found.length === 0 ? undefined : `signed in is ${found.map(({ principal }) => principal).join()}`;
  },

  redirect_stays_on_host(run, { session }: { session: string }) {
    const exchange = peopleOf(run).logins.get(session);
    const location = headerOf(exchange?.responses.at(-1)?.headers ?? [], 'location') ?? '/';
    const home = run.expand('http://{{HOST}}');
    return new URL(location, home).origin === home ? undefined : `the browser was sent to ${location}`;
  },
};

/** How often a code was redeemed at the provider of the case. */
export function redemptionsOf(run: CaseRun): number {
  return people.get(run)?.provider?.redeemed.length ?? 0;
}

/** The gateway, which has people sign in at a provider from now on. */
async function withProvider(run: CaseRun): Promise<People> {
  const open = peopleOf(run);
  if (open.provider !== undefined) return open;
  const started = await new FalseProvider().listen('gateway');
  open.provider = started;
  run.leftOver.push(started);
  const signIn = { issuer: started.issuer, clientId: 'gateway', prefix: provider, roles: ['agent'] };
  await run.fixture.gateway.reconfigure((config) => ({
    ...config,
    auth: { ...config.auth, signIn, issuers: [] },
  }));
  return open;
}

/** Begins a sign-in; the address that the provider leads back to, once they have said there who they are. */
async function begin(run: CaseRun, browser: string, login: string): Promise<string> {
  const exchange = await send(run, { method: 'GET', path: '/sign-in', browser });
  const location = headerOf(exchange.responses.at(-1)?.headers ?? [], 'location');
  const { provider: at } = peopleOf(run);
  if (location === undefined || at === undefined) throw new Error(`no sign-in has begun: ${exchange.text}`);
  at.person = login;
  return at.callbackFor(location);
}

/** One request with the cookies of that browser, which takes those of the answer. */
async function send(run: CaseRun, { method, path, browser, headers = [], body }: Sent): Promise<Exchange> {
  const { jars } = peopleOf(run);
  const jar = jars.get(browser) ?? new Map<string, string>();
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const lines = [
    `${method} ${path} HTTP/1.1`,
    run.expand('Host: {{HOST}}'),
    ...(cookie === '' ? [] : [`Cookie: ${cookie}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
  ];
  const exchange = await exchangeOnce(
    run.endpoint,
    Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`),
  );
  for (const [name, value] of exchange.responses.at(-1)?.headers ?? []) {
    const [, kept = '', text = ''] = /^([^=]+)=([^;]*)/.exec(value) ?? [];
    if (name.toLowerCase() === 'set-cookie' && text !== '') jar.set(kept, text);
  }
  jars.set(browser, jar);
  return exchange;
}
