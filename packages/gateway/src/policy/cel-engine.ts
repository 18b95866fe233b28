import { Environment, type ParseResult } from '@marcbachmann/cel-js';
import { sessionScopes } from '../model/session.js';
import type { CelFunction } from './functions/cel-function.js';
import { createFunctions } from './functions/cel-functions.js';
import { HistoryView, historyType } from './functions/history-functions.js';
import { WorkBudget } from './functions/work-budget.js';
import type { Aliases } from './renamed-calls.js';
import type { ObjectShape, Shape } from './shape.js';

/** Parse limits: an expression that people can review fits in them, and no nesting overflows the stack. */
const limits = {
  maxAstNodes: 2_000,
  maxDepth: 40,
  maxListElements: 1_000,
  maxMapEntries: 200,
  maxCallArguments: 8,
};
const timestamp = 'google.protobuf.Timestamp';

/** The variables of a condition, as shapes; `args` is given by the tool. */
export const rootShapes: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  [
    'principal',
    object({
      id: { kind: 'string' },
      tenant: { kind: 'string' },
      roles: { kind: 'list', item: { kind: 'string' } },
      labels: stringMap(),
    }),
  ],
  [
    'session',
    object({
      id: { kind: 'string' },
      root: { kind: 'string' },
      agent: { kind: 'string' },
      scopes: { kind: 'list', item: { kind: 'string', allowed: [...sessionScopes] } },
      labels: stringMap(),
    }),
  ],
  [
    'tool',
    object({
      name: { kind: 'string' },
      upstream: { kind: 'string' },
      exposed: { kind: 'string' },
      readOnly: { kind: 'boolean' },
      destructive: { kind: 'boolean' },
      idempotent: { kind: 'boolean' },
      openWorld: { kind: 'boolean' },
    }),
  ],
  [
    'target',
    object({
      kind: { kind: 'string', allowed: ['tool', 'prompt', 'resource', 'template', 'method'] },
      name: { kind: 'string' },
      upstream: { kind: 'string' },
      exposed: { kind: 'string' },
    }),
  ],
  ['call', object({ id: { kind: 'string' }, at: { kind: 'any' }, method: { kind: 'string' } })],
  ['now', { kind: 'any' }],
  ['history', { kind: 'any' }],
]);

/** A type error, with the offset in the text where it is known. */
export interface TypeFault {
  readonly code: string;
  readonly summary: string;
  readonly range?: { readonly start: number; readonly end: number };
}

/**
 * The CEL of one policy. Programs run with dynamic types on values that were bound by their schema, so that one program
 * serves every tool; types are checked per tool with `typeFault`.
 */
export class CelEngine {
  /** What conditions can call, beyond what CEL has. */
  readonly functions: readonly CelFunction[];
  readonly aliases: Aliases;
  readonly work = new WorkBudget();
  readonly #running: Environment;
  readonly #checking: Environment;

  constructor() {
    this.functions = createFunctions({ work: this.work });
    this.aliases = new Map(this.functions.flatMap(aliasesOf));
    this.#running = createEnvironment(this.functions);
    refuseMixedMembership(this.#running);
    for (const name of ['args', ...rootShapes.keys()]) this.#running.registerVariable(name, 'dyn');
    this.#checking = createEnvironment(this.functions);
    declareRoots(this.#checking);
  }

  /** Throws the library's ParseError for what is not CEL. */
  parse(text: string): ParseResult {
    return this.#running.parse(text);
  }

  /** The first type error of a condition for arguments of this shape; `names` are the members the condition reads. */
  typeFault(text: string, args: Shape, names: ReadonlySet<string>): TypeFault | undefined {
    try {
      const environment = this.#checking.clone();
      environment.registerVariable('args', new TypeDeclarer(environment, names).declare(args));
      const result = environment.check(text);
      if (!result.valid) return faultOf(result.error);
      if (result.type === 'bool' || result.type === 'dyn') return undefined;
      return { code: 'not_a_condition', summary: `is of type ${result.type ?? 'unknown'}` };
    } catch (error) {
      return faultOf(error);
    }
  }
}

function createEnvironment(functions: readonly CelFunction[]): Environment {
  const environment = new Environment({ limits });
  environment.registerType(historyType, { ctor: HistoryView, fields: {} });
  for (const { overloads } of functions) {
    for (const [signature, run] of Object.entries(overloads))
      environment.registerFunction(signature, run, { async: false });
  }
  environment.registerOperator('int == double', equalExactly);
  refuseMixedEquality(environment);
  return environment;
}

function aliasesOf({ name, alias, overloads }: CelFunction): [string, string][] {
  if (alias === undefined) return [];
  return Object.keys(overloads).map((signature) => [`${name}/${arityOf(signature)}`, alias]);
}

function arityOf(signature: string): number {
  const inner = signature.slice(signature.indexOf('(') + 1, signature.lastIndexOf(')'));
  return inner === '' ? 0 : inner.split(',').length;
}

function equalExactly(integer: bigint, double: number): boolean {
  return Number.isInteger(double) && BigInt(double) === integer;
}

/**
 * CEL answers `dyn("1") == 1` with false and `!=` with true, and `in` alike. Where a schema leaves the type open, that lets
 * a caller slip past `!=` by sending another type, so values of different kinds are an error here, and an error is a no.
 * Null alone is compared with everything: conditions ask for it.
 */
function refuseMixedEquality(environment: Environment): void {
  for (const [index, left] of kinds.entries()) {
    for (const right of kinds.slice(index + 1)) {
      if (left !== 'int' || right !== 'double')
        environment.registerOperator(`dyn<${left}> == dyn<${right}>`, refuseMixed);
    }
  }
}

/** The same for `in`. Only for running: where types are known the check finds such a search. */
function refuseMixedMembership(environment: Environment): void {
  for (const left of kinds) {
    for (const item of ['string', 'int', 'double', 'bool']) {
      const fits = left === item || (isNumber(left) && isNumber(item));
      if (!fits) environment.registerOperator(`dyn<${left}> in list<${item}>`, refuseMixed);
    }
  }
}

function isNumber(kind: string): boolean {
  return kind === 'int' || kind === 'double';
}

const kinds = ['string', 'int', 'double', 'bool', 'list', 'map'];

function refuseMixed(...operands: readonly unknown[]): never {
  const [, , node] = operands;
  throw Object.assign(new Error('values of different types are compared'), { code: 'mixed_types', node });
}

function declareRoots(environment: Environment): void {
  environment.registerOperator('double in list<int>', () => false);
  const declarer = new TypeDeclarer(environment, new Set());
  for (const name of ['principal', 'session', 'tool', 'target']) {
    environment.registerVariable(name, declarer.declare(rootShapes.get(name) ?? { kind: 'any' }));
  }
  environment.registerType('object_call', { fields: { id: 'string', at: timestamp, method: 'string' } });
  environment.registerVariable('call', 'object_call');
  environment.registerVariable('now', timestamp);
  environment.registerVariable('history', historyType);
}

/** Declares shapes as CEL types. Members that an open object does not name get types only where a condition reads them. */
class TypeDeclarer {
  readonly #environment: Environment;
  readonly #names: ReadonlySet<string>;
  readonly #declared = new Map<Shape, string>();
  readonly #prefix: string;

  constructor(environment: Environment, names: ReadonlySet<string>) {
    this.#environment = environment;
    this.#names = names;
    this.#prefix = environment.hasVariable('now') ? 'object_args' : 'object_root';
  }

  declare(shape: Shape): string {
    switch (shape.kind) {
      case 'any':
        return 'dyn';
      case 'integer':
        return 'int';
      case 'number':
        return 'double';
      case 'boolean':
        return 'bool';
      case 'string':
      case 'null':
        return shape.kind;
      case 'list':
        return `list<${this.declare(shape.item)}>`;
      case 'object':
        return this.#declareObject(shape);
    }
  }

  #declareObject(shape: ObjectShape): string {
    if (shape.fields.size === 0 && shape.rest !== undefined)
      return `map<string, ${this.declare(shape.rest)}>`;
    const known = this.#declared.get(shape);
    if (known !== undefined) return known;
    const name = `${this.#prefix}${this.#declared.size}`;
    this.#declared.set(shape, name);
    const fields = new Map([...shape.fields].map(([field, inner]) => [field, this.declare(inner)]));
    if (shape.rest !== undefined) {
      const rest = this.declare(shape.rest);
      for (const read of this.#names) if (!fields.has(read)) fields.set(read, rest);
    }
    this.#environment.registerType(name, { fields: Object.fromEntries(fields) });
    return name;
  }
}

function faultOf(error: unknown): TypeFault {
  if (!(error instanceof Error)) return { code: 'unknown', summary: String(error) };
  const { code, summary, range } = error as Error & Partial<TypeFault>;
  return {
    code: code ?? error.name,
    summary: summary ?? error.message,
    ...(range === undefined ? {} : { range }),
  };
}

function object(fields: Record<string, Shape>): ObjectShape {
  return { kind: 'object', fields: new Map(Object.entries(fields)) };
}

function stringMap(): ObjectShape {
  return { kind: 'object', fields: new Map(), rest: { kind: 'string' } };
}
