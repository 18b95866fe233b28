import { expect } from 'vitest';
import { freePort, sallyport, scratchFolder, startGateway } from '../gateway-process.js';
import { SmallBrowser } from './browser.js';
import { startProvider } from './provider.js';

const groups: Record<string, string[]> = {
  ann: ['platform', 'reviewers'],
  bob: ['reviewers'],
  eve: ['guests'],
};
const secret = 'console-secret-console-secret-console';

/** A gateway as people start it, where they sign in at a real provider. */
export interface SignInScene {
  readonly issuer: string;
  /** Where the gateway was started. */
  readonly folder: string;
  at(path: string): string;
  /** Begins at the gateway; gives the address at the provider that it leads to. */
  begun(browser: SmallBrowser, back?: string, hold?: string): Promise<string>;
  /** Says who they are at the provider and agrees; gives the address that the provider sends them back to. */
  atProvider(browser: SmallBrowser, from: string, login: string): Promise<string>;
  signedIn(login: string, back?: string): Promise<SmallBrowser>;
  sessionIn(browser: SmallBrowser): Promise<Record<string, unknown>>;
  /** The records of a type, each a line of JSON. */
  recorded(type: string): Promise<string>;
  close(): Promise<void>;
}

export interface SceneOptions {
  /** More of the gateway's configuration. */
  readonly config?: object;
  /** Further callers with a token: `TOKEN_NAME` is the name and `-token`. */
  readonly callers?: readonly {
    readonly principal: string;
    readonly roles: string[];
    readonly labels?: object;
  }[];
}

/** `root` and `agent-a` have tokens; `ann` operates and approves, `bob` approves, `eve` has no role. */
export async function openSignInScene({
  config = {},
  callers = [],
}: SceneOptions = {}): Promise<SignInScene> {
  const folder = scratchFolder();
  const port = await freePort();
  const provider = await providerFor(`http://127.0.0.1:${port}/sign-in/callback`);
  const known = [
    { principal: 'root', roles: ['admin'] },
    { principal: 'agent-a', roles: ['agent'] },
    ...callers,
  ];
  const variable = (principal: string) => `TOKEN_${principal.replaceAll(/\W/g, '_').toUpperCase()}`;
  const tokens = known.map((one) => ({ ...one, tokens: [`env:${variable(one.principal)}`] }));
  const environment = known.map(({ principal }) => [variable(principal), `${principal}-token`]);
  const settings = {
    dataDir: 'data',
    upstreams: {},
    auth: { signIn: signInAt(provider.issuer), tokens },
    ...config,
  };
  const gateway = await startGateway(folder.path, settings, {
    port: String(port),
    CONSOLE_SECRET: secret,
    ...Object.fromEntries(environment),
  });
  return {
    ...walking(gateway.baseUrl),
    issuer: provider.issuer,
    folder: folder.path,
    async recorded(type) {
      return (await sallyport(folder.path, ['audit', 'query', '--json', '--type', type])).stdout;
    },
    async close() {
      await gateway.stop();
      await provider.close();
      folder.remove();
    },
  };
}

function providerFor(redirect: string) {
  const client = {
    client_id: 'console',
    client_secret: secret,
    grant_types: ['authorization_code'],
    response_types: ['code' as const],
    redirect_uris: [redirect],
  };
  return startProvider({
    resource: 'https://gateway.example/mcp',
    more: () => ({
      clients: [client],
      conformIdTokenClaims: false,
      claims: { openid: ['sub', 'groups'] },
      cookies: { keys: ['a key of the test'] },
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, groups: groups[id] ?? [] }) }),
    }),
  });
}

function signInAt(issuer: string): object {
  return {
    issuer,
    clientId: 'console',
    clientSecret: 'env:CONSOLE_SECRET',
    prefix: 'idp/',
    claims: {
      roles: { claim: 'groups', map: { platform: ['operator'], reviewers: ['approver'] } },
      labels: { groups: 'groups' },
    },
  };
}

function walking(baseUrl: string): Omit<SignInScene, 'issuer' | 'folder' | 'recorded' | 'close'> {
  const at = (path: string) => `${baseUrl}${path}`;
  const isCallback = (url: string) => url.startsWith(at('/sign-in/callback'));
  const scene = {
    at,
    async begun(browser: SmallBrowser, back = '/console', hold?: string) {
      const asked = hold === undefined ? '' : `&hold=${hold}`;
      const response = await browser.send(at(`/sign-in?return=${back}${asked}`));
      expect(response.status).toBe(303);
      return response.headers.get('location') ?? '';
    },
    async atProvider(browser: SmallBrowser, from: string, login: string) {
      const { url: asking } = await browser.follow(from, (url) => url.includes('/interaction/'));
      const answered = await browser.post(asking, { prompt: 'login', login, password: 'any' });
      const next = new URL(answered.headers.get('location') ?? '', asking).href;
      const { url: agreeing } = await browser.follow(
        next,
        (url) => url.includes('/interaction/') || isCallback(url),
      );
      if (isCallback(agreeing)) return agreeing;
      const agreed = await browser.post(agreeing, { prompt: 'consent' });
      const last = new URL(agreed.headers.get('location') ?? '', agreeing).href;
      return (await browser.follow(last, isCallback)).url;
    },
    async signedIn(login: string, back?: string) {
      const browser = new SmallBrowser();
      const callback = await scene.atProvider(browser, await scene.begun(browser, back), login);
      const response = await browser.send(callback);
      expect([response.status, response.headers.get('location')]).toEqual([303, back ?? '/console']);
      return browser;
    },
    async sessionIn(browser: SmallBrowser) {
      return (await browser.send(at('/sign-in/session'))).json() as Promise<Record<string, unknown>>;
    },
  };
  return scene;
}
