import { canonicalJson } from '../../lib/json/canonical-json.js';
import type { Question } from '../../model/decision.js';
import type { JsonObject, JsonValue } from '../../model/json.js';
import type { Tool } from '../../model/tool.js';

/** A call as risk rules see it. */
export interface RiskAction {
  readonly system: string;
  readonly action: string;
  /** The names of the tool: the exposed one, and the upstream's own. */
  readonly tools: readonly string[];
  readonly actor: string;
  /** Everywhere it goes; what is no text is written as JSON. */
  readonly destinations: readonly string[];
  /** Absent where the arguments are not known. */
  readonly context?: JsonObject;
}

/** How a call is seen; `from` says where system and action are taken from, `tools` which are otherwise. */
export interface Mapping {
  readonly from: 'tool-name' | 'upstream';
  readonly tools: Readonly<Record<string, { system?: string | undefined; action?: string | undefined }>>;
  readonly destination: readonly string[];
  readonly omit: readonly string[];
}

/** What a tool is to risk rules, whoever calls it. */
type Named = Pick<RiskAction, 'system' | 'action' | 'tools'>;

/** Reads calls as a mapping says; `question.target` is the tool, and for lists there is no context. */
export function createActionReader(mapping: Mapping): (question: Question, tool: Tool) => RiskAction {
  const known = new WeakMap<Tool, Named>();
  return ({ principal, args }, tool) => {
    let named = known.get(tool);
    if (named === undefined) {
      named = { ...nameOf(tool, mapping), tools: [tool.exposedName, tool.name] };
      known.set(tool, named);
    }
    const { system, action, tools } = named;
    const actor = principal.id;
    if (args === undefined) return { system, action, tools, actor, destinations: nowhere };
    const given = isObject(args) ? args : {};
    const destinations = destinationsOf(given, mapping);
    return { system, action, tools, actor, destinations, context: contextOf(given, mapping) };
  };
}

const nowhere: readonly string[] = [];

/** Most calls have nothing to leave out, and then need no copy. */
function contextOf(args: JsonObject, { omit }: Mapping): JsonObject {
  if (!omit.some((name) => Object.hasOwn(args, name))) return args;
  return Object.fromEntries(Object.entries(args).filter(([name]) => !omit.includes(name)));
}

function nameOf({ upstream, exposedName, name }: Tool, mapping: Mapping): { system: string; action: string } {
  const usual = mapping.from === 'upstream' ? { system: upstream, action: name } : splitName(name);
  const keys = [`${upstream}:${name}`, exposedName, name];
  const key = keys.find((one) => Object.hasOwn(mapping.tools, one));
  const own = key === undefined ? undefined : mapping.tools[key];
  return { system: own?.system ?? usual.system, action: own?.action ?? usual.action };
}

/** At the first underscore, as the seed's proxy does; a name without one is a system that is called. */
function splitName(name: string): { system: string; action: string } {
  const at = name.indexOf('_');
  return at < 0
    ? { system: name, action: 'call' }
    : { system: name.slice(0, at), action: name.slice(at + 1) };
}

/** All of them: were only the first looked at, a harmless one could hide another. */
function destinationsOf(args: JsonObject, { destination }: Mapping): readonly string[] {
  const given = destination.filter((name) => Object.hasOwn(args, name));
  if (given.length === 0) return nowhere;
  return given.flatMap((name) => {
    const value = args[name];
    const values = Array.isArray(value) ? value : [value];
    return values.flatMap((one) => {
      if (one === undefined || one === null || one === '') return [];
      return [typeof one === 'string' ? one : canonicalJson(one)];
    });
  });
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
