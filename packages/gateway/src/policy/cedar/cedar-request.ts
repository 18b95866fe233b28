import type { CedarValueJson, Entities, EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import { isoTime } from '../../lib/clock.js';
import type { Question } from '../../model/decision.js';
import type { JsonValue } from '../../model/json.js';
import type { SessionFacts } from '../../model/session.js';
import type { Target, TargetKind } from '../../model/target.js';

/** What Cedar is asked, and the entities that it may look at. */
export interface CedarRequest {
  readonly principal: TypeAndId;
  readonly action: TypeAndId;
  readonly resource: TypeAndId;
  readonly context: Record<string, CedarValueJson>;
  readonly entities: Entities;
}

const types: Readonly<Record<TargetKind, string>> = {
  tool: 'Tool',
  prompt: 'Prompt',
  resource: 'Resource',
  template: 'Template',
  method: 'Method',
};

/** The question in Cedar's words (docs/evaluators.md); `known` are the configured entities. */
export function cedarRequest(question: Question, known: Entities): CedarRequest {
  const { principal, target, method, args = {}, at } = question;
  const caller: EntityJson = {
    uid: { type: 'Principal', id: principal.id },
    attrs: { tenant: principal.tenant, roles: [...principal.roles], labels: { ...principal.labels } },
    parents: principal.roles.map((role) => ({ type: 'Role', id: role })),
  };
  const resource = resourceOf(target);
  return {
    principal: { type: 'Principal', id: principal.id },
    action: { type: 'Action', id: method },
    resource: { type: types[target.kind], id: `${target.upstream}/${target.name}` },
    context: {
      args: cedarValueOf(args) ?? {},
      now: { __extn: { fn: 'datetime', arg: isoTime(at) } },
      ...(principal.session !== undefined && { session: sessionOf(principal.session) }),
    },
    entities: [caller, resource, ...known],
  };
}

/** Its labels are what its maker wrote. */
function sessionOf({ id, root, agent, scopes, labels }: SessionFacts): CedarValueJson {
  return cedarValueOf({ id, root, agent, scopes: [...scopes], labels: { ...labels } }) ?? {};
}

function resourceOf(target: Target): EntityJson {
  const { kind, upstream, name, exposedName } = target;
  return {
    uid: { type: types[kind], id: `${upstream}/${name}` },
    attrs: { upstream, name, exposedName, ...(kind === 'tool' && hintsOf(target.annotations)) },
    parents: [{ type: 'Upstream', id: upstream }],
  };
}

/** What a server leaves out counts as the worst, as the protocol has it. */
function hintsOf({
  readOnlyHint = false,
  destructiveHint = true,
  idempotentHint = false,
  openWorldHint = true,
}: Extract<Target, { kind: 'tool' }>['annotations']): Record<string, boolean> {
  return {
    readOnly: readOnlyHint,
    destructive: destructiveHint,
    idempotent: idempotentHint,
    openWorld: openWorldHint,
  };
}

const reserved = new Set(['__entity', '__extn', '__expr']);

/**
 * Whole numbers become Long, others decimal; what fits neither becomes text, which no number equals or exceeds. Members
 * that are null are left out, as Cedar has no null. Throws for names by which callers could write entities.
 */
function cedarValueOf(value: JsonValue): CedarValueJson | undefined {
  if (value === null) return undefined;
  if (typeof value === 'number') return cedarNumberOf(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.flatMap((one) => cedarValueOf(one) ?? []);
  const members = Object.entries(value).flatMap(([name, inner]) => {
    if (reserved.has(name)) throw new Error(`cannot be told of a member ${name}`);
    const converted = cedarValueOf(inner);
    return converted === undefined ? [] : [[name, converted] as const];
  });
  return Object.fromEntries(members);
}

/** Cedar's decimal has four places, and five digits less than Long before the point. */
const mostDecimal = 922_337_203_685_477;

function cedarNumberOf(value: number): CedarValueJson {
  if (Number.isSafeInteger(value)) return value;
  const text = value.toFixed(4);
  if (Number(text) !== value || Math.abs(value) >= mostDecimal) return String(value);
  return { __extn: { fn: 'decimal', arg: text } };
}
