import type { Question } from '../model/decision.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { Principal } from '../model/principal.js';
import { invalidSession, type SessionFacts } from '../model/session.js';
import type { Target } from '../model/target.js';
import { bindValue, type CelValue, type Weight } from './bind-value.js';
import { functionFault } from './functions/function-fault.js';
import { HistoryView } from './functions/history-functions.js';
import type { ObjectShape } from './shape.js';
import { hintsOf } from './tool-hints.js';

/** The values a condition sees in one decision. Arguments are bound when a condition first asks for them. */
export class Activation {
  readonly args = new Map<string, CelValue>();
  readonly tool: CelValue;
  readonly target: CelValue;
  readonly #question: Question;
  readonly #shape: ObjectShape;
  readonly #weights = new Map<string, Weight>();

  constructor(question: Question, facts: TargetFacts) {
    this.#question = question;
    this.tool = facts.tool;
    this.target = facts.target;
    this.#shape = facts.args;
  }

  get principal(): CelValue {
    return principalFacts(this.#question.principal);
  }

  get session(): CelValue {
    return sessionValue(this.#question.principal.session);
  }

  get now(): Date {
    return new Date(this.#question.at);
  }

  /** Throws where nobody keeps it: an empty history would open what a rule was to close. */
  get history(): HistoryView {
    const { history, at } = this.#question;
    if (history === undefined) throw functionFault('is not known here');
    return new HistoryView(history, at);
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

/** What conditions see of a target, and the shape of its arguments. */
export interface TargetFacts {
  readonly tool: CelValue;
  readonly target: CelValue;
  readonly args: ObjectShape;
}

export function describeTarget(target: Target): Omit<TargetFacts, 'args'> {
  const { name, upstream, exposedName: exposed, kind } = target;
  const names: [string, CelValue][] = [
    ['name', name],
    ['upstream', upstream],
    ['exposed', exposed],
  ];
  return {
    tool: new Map<string, CelValue>([...names, ...Object.entries(hintsOf(target))]),
    target: new Map<string, CelValue>([...names, ['kind', kind]]),
  };
}

const knownPrincipals = new WeakMap<Principal, CelValue>();

function principalFacts(principal: Principal): CelValue {
  const known = knownPrincipals.get(principal);
  if (known !== undefined) return known;
  const facts = new Map<string, CelValue>([
    ['id', principal.id],
    ['tenant', principal.tenant],
    ['roles', [...principal.roles]],
    ['labels', new Map(Object.entries(principal.labels))],
  ]);
  knownPrincipals.set(principal, facts);
  return facts;
}

const knownSessions = new WeakMap<SessionFacts, CelValue>();

/** Without a session everything is empty, so that conditions need no guard. */
function sessionValue(session: SessionFacts = invalidSession): CelValue {
  const known = knownSessions.get(session);
  if (known !== undefined) return known;
  const { id, root, agent, scopes, labels } = session;
  const facts = new Map<string, CelValue>([
    ['id', id],
    ['root', root],
    ['agent', agent],
    ['scopes', [...scopes]],
    ['labels', new Map(Object.entries(labels))],
  ]);
  knownSessions.set(session, facts);
  return facts;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
