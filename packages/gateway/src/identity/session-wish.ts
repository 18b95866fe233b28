import { formatMicros, microsOf } from '../lib/micros.js';
import { holdsScope, type Session, type SessionScope, sessionScopes } from '../model/session.js';

/** What somebody asks a session for. */
export interface SessionWish {
  readonly agent: string;
  /** Names of scopes; `spend:25` is `spend` and a budget of 25. */
  readonly scopes?: readonly string[] | undefined;
  /** 0: it does not end by itself. */
  readonly ttlSeconds?: number | undefined;
  /** Decimal text or number, in dollars; goes before what `spend:` says. */
  readonly budget?: string | number | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** What is wrong with a wish: where, and a sentence that says what would be right. */
export class SessionFault extends Error {
  readonly member: keyof SessionWish;

  constructor(member: keyof SessionWish, message: string) {
    super(message);
    this.name = 'SessionFault';
    this.member = member;
  }
}

/** A wish that can be fulfilled. */
export interface SoundWish {
  readonly agent: string;
  readonly scopes: readonly SessionScope[];
  /** 0: it does not end by itself. */
  readonly ttlMs: number;
  readonly budgetMicros?: bigint;
  readonly labels: Readonly<Record<string, string>>;
}

const longestAgent = 128;
const defaultTtlSeconds = 3600;
const longestTtlSeconds = 30 * 86_400;
const mostLabels = 16;
const longestLabel = 128;

/** Reads a wish; throws SessionFault for one that cannot be. */
export function readWish(wish: SessionWish, allowEndless: boolean): SoundWish {
  return {
    agent: agentOf(wish),
    ...scopesOf(wish),
    ttlMs: ttlOf(wish, allowEndless) * 1000,
    labels: labelsOf(wish),
  };
}

/** A delegated session can do no more than the one it comes from; a wish for more is a fault, not cut down silently. */
export function checkNarrows({ scopes, budgetMicros }: SoundWish, parent: Session): void {
  const excess = scopes.find((scope) => !holdsScope(parent.scopes, [scope]));
  if (excess !== undefined) {
    throw new SessionFault(
      'scopes',
      `"${excess}" is not among the scopes of the session it is delegated from`,
    );
  }
  const narrowest = parent.budgets.reduce<bigint | undefined>(
    (least, { micros }) => (least === undefined || micros < least ? micros : least),
    undefined,
  );
  if (narrowest === undefined || budgetMicros === undefined || budgetMicros <= narrowest) return;
  const message = `is more than the ${formatMicros(narrowest)} USD of the session it is delegated from`;
  throw new SessionFault('budget', message);
}

function agentOf({ agent }: SessionWish): string {
  if (agent.length > 0 && agent.length <= longestAgent && !/\p{C}/u.test(agent)) return agent;
  throw new SessionFault('agent', `must have 1 to ${longestAgent} characters, and no control characters`);
}

function ttlOf({ ttlSeconds = defaultTtlSeconds }: SessionWish, allowEndless: boolean): number {
  const isSound = Number.isInteger(ttlSeconds) && ttlSeconds >= 0 && ttlSeconds <= longestTtlSeconds;
  if (!isSound) {
    throw new SessionFault('ttlSeconds', `must be whole seconds from 0 to ${longestTtlSeconds} (30 days)`);
  }
  if (ttlSeconds === 0 && !allowEndless) {
    throw new SessionFault(
      'ttlSeconds',
      'must be at least 1: the operator does not allow sessions without an end',
    );
  }
  return ttlSeconds;
}

function scopesOf({ scopes = ['read', 'browse'], budget }: SessionWish): {
  scopes: SessionScope[];
  budgetMicros?: bigint;
} {
  const found = new Set<SessionScope>();
  let limit = budget === undefined ? undefined : amountOf(budget, 'budget');
  for (const text of scopes) {
    const [name = '', amount, ...more] = text.split(':');
    const scope = sessionScopes.find((known) => known === name);
    if (scope === undefined || more.length > 0 || (amount !== undefined && scope !== 'spend')) {
      const expected = `expected ${sessionScopes.join(', ')}, or spend:AMOUNT`;
      throw new SessionFault('scopes', `${JSON.stringify(text.slice(0, 64))} is no scope; ${expected}`);
    }
    found.add(scope);
    if (amount !== undefined) limit ??= amountOf(amount, 'scopes');
  }
  if (found.size === 0) throw new SessionFault('scopes', 'must name at least one scope');
  return limit === undefined ? { scopes: [...found] } : { scopes: [...found], budgetMicros: limit };
}

function amountOf(amount: string | number, member: 'budget' | 'scopes'): bigint {
  const micros = microsOf(amount);
  if (micros !== undefined) return micros;
  throw new SessionFault(
    member,
    `${JSON.stringify(amount)} is no amount; expected a decimal number from 0 up`,
  );
}

function labelsOf({ labels = {} }: SessionWish): Record<string, string> {
  const entries = Object.entries(labels);
  const isSound = (text: string) => text.length <= longestLabel && !/\p{C}/u.test(text);
  const odd = entries.find(([name, value]) => name === '' || !isSound(name) || !isSound(value));
  if (odd === undefined && entries.length <= mostLabels) return { ...labels };
  throw new SessionFault(
    'labels',
    `must be at most ${mostLabels} names with texts, each of at most ${longestLabel} characters`,
  );
}
