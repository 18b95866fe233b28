import { authorizationSchema, paymentSchema } from '#contract';
import { isoTime } from '../lib/clock.js';
import { formatMicros, microsOf } from '../lib/micros.js';
import type { Principal } from '../model/principal.js';
import { Refusal } from '../model/refusal.js';
import type { AuthorizePayment } from '../pipeline/authorize-payment.js';
import { refusalProblem } from './refusal-problem.js';
import { Problem } from './rest/problem.js';
import { type Route, route } from './rest/route.js';

export interface PaymentSource {
  readonly authorizePayment: AuthorizePayment;
  readonly inSession: (principal: Principal, token: string) => Principal;
}

const least = 10_000n;
const most = 1_000_000_000_000n;

/** `/v1/payments`: money of a session for what is no call of a tool. */
export function paymentRoutes({ authorizePayment, inSession }: PaymentSource): Route[] {
  return [
    route(
      {
        method: 'post',
        path: '/v1/payments/authorize',
        id: 'authorizePayment',
        resource: 'payments',
        needs: 'sessions:write',
        summary: 'Takes an amount out of the budget of a session',
        description:
          'The amount also counts in the budgets of policy in this currency, of rules that are about the caller and no tool in particular.',
        access: ['agent', 'admin'],
        refusesStopped: true,
        body: paymentSchema,
        replies: { 200: authorizationSchema },
        problems: [
          'kill_switch',
          'session_invalid',
          'scope_missing',
          'denied',
          'budget_exhausted',
          'audit_unavailable',
          'idempotency_lost',
        ],
      },
      async ({ principal, attempt, body: { session_id: token, amount, currency, description } }) => {
        const caller = token === undefined ? principal : inSession(principal, token);
        const micros = microsIn(amount);
        try {
          const payment = { principal: caller, micros, description, attempt };
          const { id, at, leftMicros } = await authorizePayment(payment);
          const remaining = leftMicros === undefined ? null : formatMicros(leftMicros);
          const authorization = {
            authorized: true,
            authorization_id: id,
            amount: formatMicros(micros),
            currency,
          } as const;
          return {
            status: 200,
            body: { ...authorization, remaining_budget: remaining, timestamp: isoTime(at) },
          };
        } catch (cause) {
          if (!(cause instanceof Refusal)) throw cause;
          const { code, message, details } = refusalProblem(cause);
          const members = { authorized: false, reason: message, limit: cause.limit };
          throw new Problem(code, message, { ...details, members });
        }
      },
    ),
  ];
}

function microsIn(amount: string | number): bigint {
  const micros = microsOf(amount);
  if (micros !== undefined && micros >= least && micros <= most) return micros;
  const detail = `found ${JSON.stringify(amount)}; expected 0.01 to 1000000`;
  throw new Problem('invalid_body', `amount: ${detail}`, { errors: [{ path: 'amount', detail }] });
}
