import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { RE2JS } from 're2js';
import { canonicalJson } from '../lib/json/canonical-json.js';
import { nearest } from '../lib/nearest.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { Prompt } from '../model/target.js';
import type { Tool } from '../model/tool.js';
import { promptArgumentFault } from './prompt-arguments.js';

type Check = (args: JsonValue) => string | undefined;

/** Patterns of foreign schemas run in linear time: V8 needs 41 s for `^(a+)+$` on 30 characters. */
function linearTimeRegExp(pattern: string): RegExp {
  const compiled = RE2JS.compile(pattern);
  // ajv keeps compiled patterns by their text, so two of them must not print alike.
  const text = `/${pattern}/u`;
  return { test: (value: string) => compiled.matcher(value).find(), toString: () => text } as RegExp;
}
linearTimeRegExp.code = 'linearTimeRegExp';

const options = {
  strict: false,
  allErrors: false,
  validateFormats: false,
  code: { regExp: linearTimeRegExp },
  logger: false,
} as const;

/**
 * Whether a call's arguments fit the input schema of its tool. Schemas are compiled on first use and kept with the
 * tool. A schema that names properties and says nothing about others counts as closed at the top level, because an
 * upstream may fold `Amount` into `amount`; `isOpen` switches that off per upstream.
 */
export class ArgumentCheck {
  readonly #checks = new WeakMap<Tool, Check>();
  readonly #isOpen: (upstream: string) => boolean;

  constructor(isOpen: (upstream: string) => boolean) {
    this.#isOpen = isOpen;
  }

  /** The first thing wrong, as a sentence that says where, what and what would be right. */
  faultOf(tool: Tool, args: JsonValue | undefined): string | undefined {
    let check = this.#checks.get(tool);
    if (check === undefined) {
      check = compile(tool.inputSchema, () => this.#isOpen(tool.upstream));
      this.#checks.set(tool, check);
    }
    return check(args ?? {});
  }

  /** The same for a prompt, whose arguments are texts. */
  promptFaultOf(prompt: Prompt, args: JsonValue | undefined): string | undefined {
    return promptArgumentFault(prompt, args, this.#isOpen(prompt.upstream));
  }
}

function compile(schema: JsonObject, isOpen: () => boolean): Check {
  let validate: ValidateFunction;
  try {
    validate = newAjv(schema).compile(withoutDialect(schema));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return () => `The input schema of this tool cannot be used to check arguments (${why}).`;
  }
  const closedNames = namesIfClosed(schema);
  return (args) => {
    if (!validate(asNumbers(args))) return sentenceOf(validate.errors?.[0], schema);
    return closedNames === undefined || isOpen() ? undefined : strangerIn(args, closedNames);
  };
}

function newAjv({ $schema }: JsonObject): Ajv {
  const ajv =
    typeof $schema === 'string' && $schema.includes('draft-0') ? new Ajv(options) : new Ajv2020(options);
  // ajv compares every item with every other one; ten thousand items would stop the gateway for a second.
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({ keyword: 'uniqueItems', type: 'array', validate: hasUniqueItems, error: repeated });
  return ajv;
}

const repeated = { message: 'must not have the same item twice' };

function hasUniqueItems(wanted: boolean, items: readonly JsonValue[]): boolean {
  return !wanted || new Set(items.map(canonicalJson)).size === items.length;
}

/** Draft-06 and older schemas are read as draft-07, which ajv has built in. */
function withoutDialect(schema: JsonObject): JsonObject {
  const { $schema: _dialect, $id: _id, ...rest } = schema;
  return rest;
}

const openers = [
  'additionalProperties',
  'unevaluatedProperties',
  'patternProperties',
  '$ref',
  'allOf',
  'anyOf',
  'oneOf',
  'if',
  'dependentSchemas',
  'not',
];

function namesIfClosed(schema: JsonObject): Set<string> | undefined {
  const properties = schema.properties;
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) return undefined;
  const names = Object.keys(properties);
  if (names.length === 0 || openers.some((word) => Object.hasOwn(schema, word))) return undefined;
  return new Set(names);
}

function strangerIn(args: JsonValue, names: ReadonlySet<string>): string | undefined {
  if (typeof args !== 'object' || args === null) return undefined;
  const stranger = Object.keys(args).find((name) => !names.has(name));
  return stranger === undefined ? undefined : strangerSentence(stranger, names);
}

function strangerSentence(stranger: string, names: Iterable<string>): string {
  const known = [...names];
  const meant = nearest(stranger, known);
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  return `The arguments hold "${stranger}", which the tool does not know; it knows ${known.join(', ')}.${hint}`;
}

function sentenceOf(error: ErrorObject | undefined, schema: JsonObject): string {
  if (error === undefined) return 'The arguments do not fit the input schema of the tool.';
  const stranger: unknown = error.params.additionalProperty;
  if (typeof stranger === 'string' && error.instancePath === '') {
    return strangerSentence(stranger, Object.keys((schema.properties ?? {}) as JsonObject));
  }
  const place = error.instancePath === '' ? 'The arguments' : `The argument at "${error.instancePath}"`;
  return `${place} ${error.message ?? 'do not fit the input schema'}.`;
}

/** ajv knows no bigint; a large integer is judged as the nearest double, while the text keeps every digit. */
function asNumbers(value: JsonValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null || !holdsBigInt(value)) return value;
  if (Array.isArray(value)) return value.map(asNumbers);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, asNumbers(member)]));
}

function holdsBigInt(value: JsonValue): boolean {
  if (typeof value === 'bigint') return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsBigInt);
}
