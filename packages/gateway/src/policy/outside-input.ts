import { isoTime } from '../lib/clock.js';
import type { Question } from '../model/decision.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { SessionFacts } from '../model/session.js';

/** What evaluators outside this program are told of a question. No credential and no secret is in it. */
export function outsideInput({ action, method, principal, target, args, at, callId }: Question): JsonObject {
  const { kind, upstream, exposedName, name, digest } = target;
  return {
    action,
    method,
    principal: {
      id: principal.id,
      tenant: principal.tenant,
      roles: [...principal.roles],
      labels: { ...principal.labels },
    },
    ...(principal.session !== undefined && { session: sessionOf(principal.session) }),
    target: {
      kind,
      upstream,
      name,
      exposedName,
      ...(digest !== undefined && { digest }),
      ...(target.kind === 'tool' && { annotations: { ...target.annotations } }),
    },
    ...(args !== undefined && { args }),
    at: isoTime(at),
    callId,
  };
}

function sessionOf({ id, root, agent, scopes, labels }: SessionFacts): JsonObject {
  return { id, root, agent, scopes: [...scopes], labels: { ...labels } };
}

/** JSON text in which integers beyond 2^53 stand as they are. */
export function jsonText(value: JsonValue): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  return `{${Object.entries(value)
    .map(([name, inner]) => `${JSON.stringify(name)}:${jsonText(inner)}`)
    .join(',')}}`;
}
