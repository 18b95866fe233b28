/// <reference lib="es2024.string" />
import { isoTime } from '../lib/clock.js';
import { canonicalJson } from '../lib/json/canonical-json.js';
import { parseJson } from '../lib/json/parse-json.js';
import { formatMicros } from '../lib/micros.js';
import type { Arrival, Call } from '../model/call.js';
import type { Charge, Settlement } from '../model/charge.js';
import type { Decision } from '../model/decision.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { Principal } from '../model/principal.js';
import type { AuditRecord } from '../model/record.js';
import type { Target, TargetKind } from '../model/target.js';
import { clip } from './clip.js';

/** The members of a record in RFC 8785 order, which saves sorting them; those that are undefined are absent. */
export type Members = { readonly [Name in keyof AuditRecord]: AuditRecord[Name] | MemberValue };

export type MemberValue = JsonValue | undefined | { readonly [name: string]: JsonValue | undefined };

/** Names come from people, upstreams and the configuration; the store would repair half a surrogate pair too, slowly. */
export function callerOf(principal: Principal): JsonObject {
  return { cred: principal.credential.toWellFormed(), id: principal.id.toWellFormed() };
}

/** The session that a caller works in, by its name: its token is never written. */
export function sessionOf({ session }: Principal): MemberValue {
  if (session === undefined || session.id === '') return undefined;
  const { agent, id, root } = session;
  return { agent: agent.toWellFormed(), id, ...(root === id ? {} : { root }) };
}

export function protocolOf(method: string, arrival: Arrival): JsonObject {
  const name = method.length <= longestName ? method.toWellFormed() : clip(method);
  return { method: name, rev: arrival.revision, via: arrival.transport };
}

/** As long as any name that needs no closer look. */
const longestName = 128;

export function policyOf(decision: Decision | undefined): MemberValue {
  if (decision === undefined) return undefined;
  return { evaluator: decision.evaluator, rev: decision.revision, rule: decision.rule?.toWellFormed() };
}

/** Of what is not made there is nothing to do twice. */
export function attemptOf({ attempt }: Call, isPassing: boolean): MemberValue {
  return attempt === undefined || !isPassing ? undefined : { digest: attempt.digest, name: attempt.name };
}

export function amountOf(micros: bigint | undefined): MemberValue {
  return micros === undefined ? undefined : formatMicros(micros);
}

/** What a call reserves in budgets; the store's ledger is made of these members (store/charge-row.ts). */
export function reservationsOf(charges: readonly Charge[] | undefined): MemberValue {
  if (charges === undefined || charges.length === 0) return undefined;
  return charges.map((charge) => {
    const { id, ...more } = chargeOf(charge);
    return { id, reserve: formatMicros(charge.reservedMicros), ...more };
  });
}

export function settlementsOf(settled: readonly Settlement[] | undefined): MemberValue {
  return settled?.map(({ charge, spentMicros }) => {
    const { id, scope, ...more } = chargeOf(charge);
    return { id, scope, spent: formatMicros(spentMicros), ...more };
  });
}

function chargeOf({ budget, scope, unit, until }: Charge) {
  return until === undefined ? { id: budget, scope, unit } : { id: budget, scope, unit, until: endOf(until) };
}

/** Stretches of budgets end at few moments, which are none of those that records are written at. */
function endOf(until: number): string {
  if (until !== lastEnd) {
    lastEndText = isoTime(until);
    lastEnd = until;
  }
  return lastEndText;
}

let lastEnd = Number.NaN;
let lastEndText = '';

/** What the rules on trial would have changed. */
export function shadowOf(decision: Decision | undefined): MemberValue {
  if (decision?.shadow === undefined) return undefined;
  const { effect, verdicts } = decision.shadow;
  return {
    effect,
    verdicts: verdicts.map((verdict) => ({ by: verdict.by.toWellFormed(), effect: verdict.effect })),
  };
}

/** What the evaluators beside the rules said. */
export function evaluationsOf(decision: Decision | undefined, redact: (text: string) => string): MemberValue {
  return decision?.evaluations?.map(({ evaluator, effect, detail, findings, shadow }) => ({
    ...(detail === undefined ? {} : { detail: clip(redact(detail)) }),
    effect,
    ...(findings === undefined ? {} : { findings: findingsOf(findings, redact) }),
    name: evaluator.toWellFormed(),
    ...(shadow === true ? { shadow } : {}),
  }));
}

const longestFindings = 2_048;

/** Findings come from plug-ins: what is too long or cannot be written is left out with a word about it. */
function findingsOf(findings: JsonObject, redact: (text: string) => string): JsonValue {
  try {
    const text = redact(canonicalJson(findings));
    return text.length > longestFindings ? 'too long to keep' : parseJson(text).value;
  } catch {
    return 'not to be kept';
  }
}

/** A call refused for another reason than policy was still not allowed to run. */
export function effectOf(decision: Decision | undefined, code: string | undefined): string {
  if (decision?.effect === 'hide') return 'hide';
  return code === undefined ? 'allow' : 'deny';
}

/** What the record says about a target; the `kind` of a tool is left out. */
export function targetOf(target: Target, redact: (text: string) => string): MemberValue {
  const { kind, digest: def, upstream } = target;
  if (kind === 'tool') {
    const name = target.name.toWellFormed();
    const exposed = target.exposedName === target.name ? undefined : target.exposedName.toWellFormed();
    return { def, exposed, name, upstream };
  }
  const exposed = target.exposedName === target.name ? undefined : clip(redact(target.exposedName));
  return { def, exposed, kind, name: clip(redact(target.name)), upstream };
}

/** The same for a name under which nothing was found. */
export function unknownTargetOf(kind: TargetKind, name: string): MemberValue {
  return kind === 'tool' ? { name: clip(name) } : { kind, name: clip(name) };
}
