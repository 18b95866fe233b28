import type { Question } from '../model/decision.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { Principal } from '../model/principal.js';
import type { Target } from '../model/target.js';
import { bindValue, type CelValue, type Weight } from './bind-value.js';
import type { ObjectShape } from './shape.js';

/** The values a condition sees in one decision. Arguments are bound when a condition first asks for them. */
export class Activation {
  readonly args = new Map<string, CelValue>();
  readonly tool: CelValue;
  readonly #question: Question;
  readonly #shape: ObjectShape;
  readonly #weights = new Map<string, Weight>();

  constructor(question: Question, facts: ToolFacts) {
    this.#question = question;
    this.tool = facts.tool;
    this.#shape = facts.args;
  }

  get principal(): CelValue {
    return principalFacts(this.#question.principal);
  }

  get now(): Date {
    return new Date(this.#question.at);
  }

  get call(): Map<string, string | Date> {
    const { callId, at, method } = this.#question;
    return new Map<string, string | Date>([
      ['id', callId],
      ['at', new Date(at)],
      ['method', method],
    ]);
  }

  /** Makes the named arguments readable and tells what they weigh; throws BindingFault for one that is not as its schema says. */
  bindArguments(names: ReadonlySet<string> | 'all'): Weight {
    const values = this.#question.args;
    const total = { elements: 0, characters: 0 };
    if (!isObject(values)) return total;
    for (const name of names === 'all' ? Object.keys(values) : names) {
      if (!Object.hasOwn(values, name)) continue;
      const weight = this.#weights.get(name) ?? this.#bind(name, values[name] ?? null);
      total.elements += weight.elements + 1;
      total.characters += weight.characters;
    }
    return total;
  }

  #bind(name: string, value: JsonValue): Weight {
    const weight = { elements: 0, characters: 0 };
    const shape = this.#shape.fields.get(name) ?? this.#shape.rest ?? { kind: 'any' };
    this.args.set(name, bindValue(shape, value, { path: `args.${name}`, weight }));
    this.#weights.set(name, weight);
    return weight;
  }
}

/** What conditions see of a tool, and the shape of its arguments. */
export interface ToolFacts {
  readonly tool: CelValue;
  readonly args: ObjectShape;
}

/** Hints that an upstream leaves out have the protocol's defaults: it may write, destroy and reach the open world. */
export function describeTool(target: Target): CelValue {
  const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } =
    target.kind === 'tool' ? target.annotations : {};
  return new Map<string, CelValue>([
    ['name', target.name],
    ['upstream', target.upstream],
    ['exposed', target.exposedName],
    ['readOnly', readOnlyHint ?? false],
    ['destructive', destructiveHint ?? true],
    ['idempotent', idempotentHint ?? false],
    ['openWorld', openWorldHint ?? true],
  ]);
}

const knownPrincipals = new WeakMap<Principal, CelValue>();

function principalFacts(principal: Principal): CelValue {
  const known = knownPrincipals.get(principal);
  if (known !== undefined) return known;
  const facts = new Map<string, CelValue>([
    ['id', principal.id],
    ['roles', [...principal.roles]],
    ['labels', new Map(Object.entries(principal.labels))],
  ]);
  knownPrincipals.set(principal, facts);
  return facts;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
