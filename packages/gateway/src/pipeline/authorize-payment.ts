import { reservationsOf, sessionOf } from '../audit/record-members.js';
import type { Trail } from '../audit/trail.js';
import type { Clock } from '../lib/clock.js';
import { newId } from '../lib/ids.js';
import { formatMicros } from '../lib/micros.js';
import type { Admission } from '../limits/admission.js';
import type { Limits } from '../limits/limits.js';
import { limitOfBudget } from '../limits/session-budgets.js';
import type { JsonObject } from '../model/json.js';
import type { Principal } from '../model/principal.js';
import { Refusal } from '../model/refusal.js';
import { holdsScope, invalidSession, type SessionFacts } from '../model/session.js';
import type { House } from './house.js';
import { refuseStoppedCaller } from './stages/refuse-stopped.js';

export interface PaymentParts {
  readonly limits: Pick<Limits, 'admit' | 'left'>;
  readonly sessions: House['sessions'];
  readonly kills: Pick<House['kills'], 'stoppingCaller'>;
  readonly trail: Pick<Trail, 'write'>;
  readonly clock: Clock;
}

export interface Payment {
  /** With the session that is to pay. */
  readonly principal: Principal;
  readonly micros: bigint;
  readonly description?: string | undefined;
}

export interface Authorization {
  /** `auth_` and the id under which the record has it. */
  readonly id: string;
  readonly at: number;
  /** The least that is left of the budgets; absent where the session has none. */
  readonly leftMicros?: bigint;
}

/** Takes money of a session for something that is no call. Rejects with a Refusal, which is on record then. */
export type AuthorizePayment = (payment: Payment) => Promise<Authorization>;

export function createAuthorizePayment(parts: PaymentParts): AuthorizePayment {
  const { limits, trail, clock } = parts;

  async function authorize(payment: Payment, call: string): Promise<Authorization> {
    const { principal, micros } = payment;
    refuseStoppedCaller(principal, parts);
    const session = sessionFor(principal, parts.sessions);
    const subject = { principal, upstream: '', target: '', args: {} };
    const cost = { kind: 'fixed', micros } as const;
    const budgets = session.budgets.map((budget) => limitOfBudget(budget, cost));
    const admission = limits.admit(budgets, subject);
    if (admission.kind === 'refused') {
      const { code, message, limit } = admission;
      throw new Refusal(code, message, { limit });
    }
    await recorded(admission, payment, call);
    admission.settle({ state: 'ok' });
    const lefts = budgets.map((budget) => limits.left(budget, subject).micros);
    const left = lefts.length === 0 ? {} : { leftMicros: lefts.reduce((a, b) => (a < b ? a : b)) };
    return { id: `auth_${call}`, at: clock.now(), ...left };
  }

  /** Spent at once: nothing can be heard of it later. */
  async function recorded(admission: Admission, payment: Payment, call: string): Promise<void> {
    const lines = (reservationsOf(admission.charges) ?? []) as JsonObject[];
    const budget = lines.map((line) => ({ ...line, spent: line.reserve ?? '0' }));
    try {
      await trail.write('payment.authorized', { ...membersOf(payment, call), budget });
    } catch (cause) {
      // It may be on record all the same, and then it is spent: what is taken stays taken.
      admission.settle({ state: 'unknown' });
      const message = 'The gateway cannot write its audit trail, so it lets nothing pass.';
      throw new Refusal('audit_unavailable', message, { retryAfterSeconds: 5, detail: String(cause) });
    }
  }

  return async function authorizePayment(payment) {
    const call = newId();
    try {
      return await authorize(payment, call);
    } catch (cause) {
      if (cause instanceof Refusal && cause.code !== 'audit_unavailable')
        await trail.write('payment.refused', { ...membersOf(payment, call), code: cause.code });
      throw cause;
    }
  };
}

function sessionFor({ session = invalidSession }: Principal, sessions: House['sessions']): SessionFacts {
  if (!sessions.isLive(session.id)) {
    const message = 'The session is not valid: it is over, revoked, or not one of this key.';
    throw new Refusal('session_invalid', message);
  }
  if (holdsScope(session.scopes, ['spend'])) return session;
  throw new Refusal('scope_missing', 'To authorize a payment the session needs the scope spend.');
}

function membersOf({ principal, micros, description }: Payment, call: string): JsonObject {
  const { credential, id, tenant } = principal;
  const session = sessionOf(principal);
  return {
    amount_usd: formatMicros(micros),
    call,
    caller: { cred: credential.toWellFormed(), id: id.toWellFormed() },
    tenant,
    ...(description === undefined ? {} : { description }),
    ...(session === undefined ? {} : { session: session as JsonObject }),
  };
}
