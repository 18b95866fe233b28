import type { FakeSlack } from '../fixtures/fake-slack.js';
import type { Item } from './corpus.js';
import type { ConfiguredPerson } from './fixture-people.js';
import { approvalSettings, approvedOnly, extraRules, fixtureRules, followsPay } from './fixture-policy.js';
import type { Config } from './gateway.js';
import { chatPeople } from './people-steps.js';
import { HttpUpstream } from './upstreams/http-upstream.js';
import type { Issuer } from './upstreams/issuer.js';
import type { StdioUpstream } from './upstreams/stdio-upstream.js';

/** What the upstreams of the fixture must be shown. */
export const upstreamSecrets = {
  SECRET_ECHO: 'echo-token-5f1c9a7e3b',
  SECRET_PAY: 'pay-token-0d82c6b41f',
  SECRET_MAIL: 'mail-key-97ab34e2d0',
};

export const originHost = 'gateway.example';

/** Whether a person must accept what evil offers before it counts. */
export function isApprovedOnly(setup: readonly Item[]): boolean {
  return hasPolicy(setup, approvedOnly);
}

function hasPolicy(setup: readonly Item[], policy: string): boolean {
  return setup.some((item) => item.policy === policy);
}

export function httpUpstreams(evilEra: 'modern' | 'legacy') {
  const { SECRET_PAY, SECRET_MAIL } = upstreamSecrets;
  return {
    pay: new HttpUpstream({
      id: 'pay',
      era: 'modern',
      credential: ['Authorization', `Bearer ${SECRET_PAY}`],
    }),
    mail: new HttpUpstream({ id: 'mail', era: 'legacy', credential: ['X-Api-Key', SECRET_MAIL] }),
    db: new HttpUpstream({ id: 'db', era: 'modern' }),
    evil: new HttpUpstream({ id: 'evil', era: evilEra }),
  };
}

interface Upstreams extends ReturnType<typeof httpUpstreams> {
  readonly echo: StdioUpstream;
  readonly files: StdioUpstream;
}

export interface ConfigParts {
  readonly setup: readonly Item[];
  readonly upstreams: Upstreams;
  readonly issuer: Issuer;
  readonly people: readonly ConfiguredPerson[];
  readonly chat: FakeSlack | undefined;
}

/** The configuration of the fixture, as far as cases have it in common. */
export function configOf({ setup, upstreams, issuer, people, chat }: ConfigParts): Config {
  return {
    names: { prefix: 'always' },
    upstreams: upstreamsOf(setup, upstreams),
    auth: { ...authOf(issuer), tokens: people },
    // Who must wait for an approver waits a second, so that a case does not take a minute.
    approvals: {
      waitSeconds: 1,
      expiresSeconds: 900,
      channels: chat === undefined ? [] : [chat.channel(chatPeople)],
      ...Object.assign({}, ...setup.map((item) => approvalSettings[String(item.policy)])),
    },
    limits: { concurrentCallsPerUpstream: 64 },
    policy: {
      default: 'deny',
      rules: [...fixtureRules, ...setup.flatMap((item) => extraRules[String(item.policy)] ?? [])],
    },
    shutdown: { drainSeconds: 1 },
  };
}

function upstreamsOf(
  setup: readonly Item[],
  { echo, files, pay, mail, db, evil }: Upstreams,
): Config['upstreams'] {
  return {
    echo: { command: echo.command, args: echo.args, env: { ECHO_TOKEN: 'env:SECRET_ECHO' } },
    files: { command: files.command, args: files.args },
    pay: {
      url: pay.url,
      headers: { Authorization: `Bearer \${env:SECRET_PAY}` },
      ...(hasPolicy(setup, followsPay) ? { pins: 'follow' } : {}),
    },
    mail: { url: mail.url, headers: { 'X-Api-Key': 'env:SECRET_MAIL' } },
    db: { url: db.url },
    evil: { url: evil.url, pins: isApprovedOnly(setup) ? 'ask' : 'trust' },
  };
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
