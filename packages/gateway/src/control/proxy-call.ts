import type { z } from 'zod';
import { Cancellation } from '../lib/cancellation.js';
import type { Clock } from '../lib/clock.js';
import { newId } from '../lib/ids.js';
import type { Arrival, Call } from '../model/call.js';
import type { JsonObjectText } from '../model/json.js';
import type { Principal } from '../model/principal.js';
import { Problem } from './rest/problem.js';
import type { Asked } from './rest/route.js';

export interface CallSource {
  /** The caller in the session of this token, or in one that does not count. */
  readonly inSession: (principal: Principal, token: string) => Principal;
  /** Whether calls that name no session have one all the same. */
  readonly hasAutomaticSessions: () => boolean;
  /** The exposed name of a tool of this caller's tenant, called by it, by its own name or as `upstream.name`. */
  readonly exposedName: (name: string, principal: Principal) => string;
  readonly clock: Clock;
}

export type AskedInSession<Body extends z.ZodType> = Pick<
  Asked<string, Record<never, never>, Body>,
  'attempt' | 'body' | 'document' | 'context'
>;

/** In bytes. */
export const longestCall = 4 * 1024 * 1024;
const noMeta: ReadonlyMap<string, string> = new Map();

/** Who calls in the session that the body names. Throws Problem where none is named and there is none. */
export function callerIn(principal: Principal, token: string | undefined, source: CallSource): Principal {
  if (token !== undefined) return source.inSession(principal, token);
  if (principal.session !== undefined || source.hasAutomaticSessions()) return principal;
  const detail = 'is missing; open a session with POST /v1/sessions';
  throw new Problem('invalid_body', `session_id: ${detail}`, { errors: [{ path: 'session_id', detail }] });
}

/** The call of a tool that a body is about: its `tool`, and its `arguments` where it has some. */
export function callOf(
  principal: Principal,
  { attempt, body, document, context }: AskedInSession<z.ZodType<{ readonly tool: string }>>,
  source: CallSource,
): Call {
  const signal = new Cancellation();
  context.req.raw.signal.addEventListener('abort', () => signal.abort());
  return {
    id: newId(),
    at: source.clock.now(),
    method: 'tools/call',
    principal,
    arrival: arrivalOf(context),
    attempt,
    kind: 'tool',
    target: source.exposedName(body.tool, principal),
    // As they came: integers beyond 2^53 and the order of names survive.
    args: document.member('arguments') as JsonObjectText | undefined,
    meta: noMeta,
    signal,
    client: { capabilities: '{}', asker: newId() },
  };
}

export function arrivalOf(context: Asked<string, Record<never, never>, z.ZodType>['context']): Arrival {
  const source = context.env.incoming.socket.remoteAddress ?? 'unknown';
  return { transport: 'rest', revision: '2026-07-28', source };
}
