import { reservationsOf, sessionOf } from '../audit/record-members.js';
import type { Trail } from '../audit/trail.js';
import type { Clock } from '../lib/clock.js';
import { newId } from '../lib/ids.js';
import { formatMicros } from '../lib/micros.js';
import type { Admission } from '../limits/admission.js';
import type { LimitSubject } from '../limits/limit-scope.js';
import type { Limits } from '../limits/limits.js';
import { limitOfBudget } from '../limits/session-budgets.js';
import type { Attempt } from '../model/attempt.js';
import type { JsonObject } from '../model/json.js';
import type { BudgetLimit } from '../model/obligation.js';
import type { Principal } from '../model/principal.js';
import { Refusal } from '../model/refusal.js';
import { holdsScope, invalidSession, type SessionFacts } from '../model/session.js';
import { paymentTarget } from '../policy/payment-target.js';
import { isUntried } from '../store/journal.js';
import type { House } from './house.js';
import { refuseStopped } from './stages/refuse-stopped.js';

export interface PaymentParts {
  readonly limits: Pick<Limits, 'admit' | 'left'>;
  readonly sessions: House['sessions'];
  readonly kills: Pick<House['kills'], 'stoppingCaller' | 'stoppingTarget'>;
  readonly snapshot: House['snapshot'];
  readonly trail: Pick<Trail, 'write'>;
  readonly clock: Clock;
}

export interface Payment {
  /** With the session that is to pay. */
  readonly principal: Principal;
  readonly micros: bigint;
  readonly description?: string | undefined;
  /** Under which its caller may ask again. */
  readonly attempt?: Attempt | undefined;
}

export interface Authorization {
  /** `auth_` and the id under which the record has it. */
  readonly id: string;
  readonly at: number;
  /** The least that is left of the budgets that it counts in; absent where there are none. */
  readonly leftMicros?: bigint;
}

/** Takes money of a session for something that is no call. Rejects with a Refusal, which is on record then. */
export type AuthorizePayment = (payment: Payment) => Promise<Authorization>;

export function createAuthorizePayment(parts: PaymentParts): AuthorizePayment {
  return async function authorizePayment(payment) {
    const call = newId();
    try {
      return await authorize(payment, call, parts);
    } catch (cause) {
      if (cause instanceof Refusal && cause.code !== 'audit_unavailable')
        await written(parts.trail, 'payment.refused', { ...membersOf(payment, call), code: cause.code });
      throw cause;
    }
  };
}

async function authorize(payment: Payment, call: string, parts: PaymentParts): Promise<Authorization> {
  const { limits, clock, trail } = parts;
  const { principal } = payment;
  refuseStopped(principal, paymentTarget, parts);
  const session = sessionFor(principal, parts.sessions);
  const subject = subjectOf(payment, session);
  const budgets = [...sessionBudgetsFor(payment, session), ...budgetsOfRules(payment, call, parts)];
  const admission = limits.admit(budgets, subject);
  if (admission.kind === 'refused') {
    const { code, message, limit, retryAfterMs } = admission;
    const retryAfterSeconds = retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1000);
    throw new Refusal(code, `${message} Nothing was spent.`, { limit, retryAfterSeconds });
  }
  const { attempt } = payment;
  const members = membersOf(payment, call);
  await recorded(admission, attempt === undefined ? members : { ...members, attempt: { ...attempt } }, trail);
  admission.settle({ state: 'ok' });
  const lefts = budgets.map((budget) => limits.left(budget, subject).micros);
  const left = lefts.length === 0 ? {} : { leftMicros: lefts.reduce((a, b) => (a < b ? a : b)) };
  return { id: `auth_${call}`, at: clock.now(), ...left };
}

function sessionBudgetsFor({ micros }: Payment, { budgets }: SessionFacts): BudgetLimit[] {
  return budgets.map((budget) => limitOfBudget(budget, { kind: 'fixed', micros }));
}

/** Those that rules bring for its currency. Each counts the whole amount, whatever calls cost there. */
function budgetsOfRules(payment: Payment, callId: string, { snapshot, clock }: PaymentParts): BudgetLimit[] {
  const { principal, micros } = payment;
  const about = { action: 'call', method: 'tools/call', principal, target: paymentTarget } as const;
  const found = snapshot().limitsOn({ ...about, args: argumentsOf(payment), at: clock.now(), callId });
  if ('failure' in found) {
    const { rule, failure: detail } = found;
    const message = `Rule "${rule}" could not be evaluated for this payment, so it is denied.`;
    throw new Refusal('denied', message, { rule, detail });
  }
  return found.limits.flatMap((limit): BudgetLimit[] =>
    limit.kind === 'budget' && limit.unit === currency ? [{ ...limit, cost: { kind: 'fixed', micros } }] : [],
  );
}

/** Spent at once: nothing can be heard of it later. */
async function recorded(
  admission: Admission,
  members: JsonObject,
  trail: PaymentParts['trail'],
): Promise<void> {
  const lines = (reservationsOf(admission.charges) ?? []) as JsonObject[];
  const budget = lines.map((line) => ({ ...line, spent: line.reserve ?? '0' }));
  try {
    await written(trail, 'payment.authorized', { ...members, budget });
  } catch (cause) {
    const mayBeMade = !(cause instanceof Refusal) || cause.mayHaveRun;
    // It may be on record all the same, and then it is spent: what is taken stays taken.
    if (mayBeMade) admission.settle({ state: 'unknown' });
    else admission.release();
    throw cause;
  }
}

/** Throws a Refusal that says whether the record may have been made nevertheless. */
async function written(
  trail: PaymentParts['trail'],
  type: 'payment.authorized' | 'payment.refused',
  members: JsonObject,
): Promise<void> {
  try {
    await trail.write(type, members);
  } catch (cause) {
    const message = 'The gateway cannot write its audit trail, so it lets nothing pass.';
    const mayHaveRun = type === 'payment.authorized' && !isUntried(cause);
    const retryAfterSeconds = mayHaveRun ? undefined : 5;
    throw new Refusal('audit_unavailable', message, { retryAfterSeconds, mayHaveRun, detail: String(cause) });
  }
}

const currency = 'USD';

/** What rules read of it. */
function argumentsOf({ micros, description }: Payment): JsonObject {
  const told = description === undefined ? {} : { description };
  return { amount: Number(formatMicros(micros)), currency, ...told };
}

function subjectOf(payment: Payment, session: SessionFacts): LimitSubject {
  const { upstream, exposedName: target } = paymentTarget;
  const args = argumentsOf(payment);
  return { principal: payment.principal, session: session.root, upstream, target, args };
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
