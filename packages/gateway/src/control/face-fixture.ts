import { tmpdir } from 'node:os';
import { CallbackDoor } from '../identity/sign-in/callback-door.js';
import { systemClock } from '../lib/clock.js';
import { newSealKey, Seal } from '../lib/seal.js';
import type { Principal } from '../model/principal.js';
import type { ControlOptions } from './control-face.js';
import type { PaymentSource } from './payment-routes.js';
import type { PolicySource } from './policy-read-routes.js';
import type { ProxySource } from './proxy-routes.js';
import type { SessionSource } from './session-routes.js';
import type { PolicyTrialSource } from './trial-routes.js';

const nobody = () => Promise.reject(new Error('nobody asks for this'));

const noSessions: SessionSource &
  ProxySource &
  PaymentSource &
  Pick<ControlOptions, 'tools' | 'requestApproval'> = {
  sessions: {
    create: nobody,
    find: () => undefined,
    findToEnd: () => undefined,
    isWithin: () => false,
    look: () => undefined,
    list: () => [],
    revoke: async () => false,
  },
  leftOfSession: () => 0n,
  govern: nobody,
  governListing: nobody,
  inSession: (principal) => principal,
  hasAutomaticSessions: () => false,
  exposedName: (name) => name,
  authorizePayment: nobody,
  requestApproval: nobody,
  tools: () => [],
  clock: systemClock,
};

const noPolicies: PolicySource & PolicyTrialSource = {
  layer: {
    list: () => [],
    find: () => undefined,
    history: () => [],
    put: () => Promise.reject(new Error('nothing is made')),
    remove: () => Promise.reject(new Error('nothing is made')),
    rollBack: () => Promise.reject(new Error('nothing is made')),
  },
  filePolicy: () => ({ default: 'deny', rules: [], revision: 'sha256:x' }),
  trials: {
    explain: () => Promise.resolve(undefined),
    check: () => Promise.resolve([]),
    diff: () => Promise.resolve({ rules: [], samples: 0, changes: [] }),
  },
};

const nothingHeld = {
  undelivered: () => [],
  receiveCallback: () => undefined,
  callbackRefused: () => undefined,
  viewApproval: () => Promise.reject(new Error('there is no hold')),
};

const noGuards = {
  kills: { list: () => [], throwSwitch: () => Promise.reject(new Error()), lift: async () => undefined },
  ledger: { counters: () => [], entries: () => [] },
  limits: { counters: function* none() {} },
  budgets: () => new Map(),
};

const nobodySignedIn = {
  seal: new Seal(newSealKey(), 'test'),
  errandSeal: new Seal(newSealKey(), 'test'),
  publicUrl: () => 'http://127.0.0.1',
  provider: () => undefined,
  callbacks: new CallbackDoor(systemClock),
  signInRefused: () => undefined,
  signIns: {
    find: () => undefined,
    list: () => ({ all: [] }),
    end: nobody,
    revoke: async () => 0,
    takeProof: () => false,
    withCredential: nobody,
    withProvider: nobody,
  },
};

const everybody: Principal = {
  id: 'p',
  credential: 'key:k',
  tenant: 'default',
  roles: ['agent', 'approver', 'auditor', 'operator', 'admin'],
  labels: {},
};

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const editCall: ControlOptions['editCall'] = async () => ({
  kind: 'refused',
  problem: 'unknown',
  message: 'There is no such hold.',
});

const standing: ControlOptions['standing'] = {
  list: () => [],
  find: () => undefined,
  create: async () => ({ kind: 'refused', problem: 'conflict', message: 'No.' }),
  revoke: async () => false,
};

/** What a face needs, where nothing is there and whoever asks has every role; tests replace what they are about. */
export function faceOptions(replaced: Partial<ControlOptions> = {}): ControlOptions {
  return {
    firstKey: async () => ({}),
    identify: () => ({ kind: 'known', principal: everybody }),
    readiness: () => ({ ready: true, checks: { gateway: { ok: true } } }),
    upstreams: () => Promise.resolve([]),
    upstream: () => Promise.resolve(undefined),
    upstreamsSettled: () => Promise.resolve(),
    testUpstream: () => Promise.resolve(undefined),
    ...noPolicies,
    approvals: {
      find: () => undefined,
      list: () => [],
      answer: async () => ({ kind: 'refused', problem: 'unknown', message: 'There is no such hold.' }),
      cancel: async () => false,
      resultOf: () => undefined,
      refuse: async () => undefined,
      replayed: async () => undefined,
      hear: () => () => undefined,
    },
    ...noGuards,
    ...nothingHeld,
    ...nobodySignedIn,
    standing,
    carryOut: async () => undefined,
    editCall,
    checkAdminToken: async () => 'unset',
    ...noSessions,
    records: { query: async () => [], latestOf: async () => [] },
    attempts: { find: () => undefined },
    attemptKey: new Uint8Array(32),
    refresh: async () => undefined,
    ...quietSources(),
    version: '0.0.0',
    consoleDirectory: tmpdir(),
    docsDirectory: tmpdir(),
    log,
    ...replaced,
  };
}

function quietSources() {
  return {
    spend: { byTool: () => [] },
    sessionName: (session: string) => session,
    keyRing: () => ({ create: refused, list: async () => [], rotate: refused, revoke: refused }),
    hasUpstream: () => true,
    pins: { list: () => [], definitions: () => undefined },
    pinDesk: () => ({ accept: refused, reject: refused, forget: refused }),
    credentials: async () => [],
    status: refused,
    effectiveConfig: () => ({ config: {}, origins: {} }),
  } satisfies Partial<ControlOptions>;
}

function refused(): Promise<never> {
  return Promise.reject(new Error('there is none in this test'));
}
