import type { ASTNode, ParseResult } from '@marcbachmann/cel-js';
import type { Activation } from './activation.js';
import { BindingFault, type Weight } from './bind-value.js';
import { type CelEngine, rootShapes } from './cel-engine.js';
import { checkCalls } from './check-calls.js';
import { findContradictions } from './find-contradictions.js';
import { functionFaultCode } from './functions/function-fault.js';
import { type Inspection, inspectCondition } from './inspect-condition.js';
import type { Finding } from './policy-problem.js';
import { type ReadSet, readSetOf } from './read-set.js';
import { callsOf, renameCalls } from './renamed-calls.js';
import { anyShape, type ObjectShape, openObject } from './shape.js';
import { describeTypeFault } from './type-fault.js';

const longestText = 16_384;
const deepestLoop = 3;
/** CEL cannot be interrupted, so the number of loop steps is bounded beforehand: about 30 ms at 150 ns a step. */
const mostSteps = 200_000;
/** The variables that do not depend on the call. */
const knownWithoutCall: ReadonlySet<string> = new Set(['principal', 'session', 'tool', 'target']);
const rootNames: ReadonlySet<string> = new Set(['args', ...rootShapes.keys()]);

/** Everything that is wrong with a condition's text. */
export class ConditionFaults extends Error {
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super(findings.map((finding) => finding.message).join('\n'));
    this.findings = findings;
  }
}

/** A condition that could not be evaluated; the message names places in the rule, never values of the call. */
class ConditionFailure extends Error {}

/** A compiled condition, shared by every rule with the same text. */
export class Condition {
  readonly text: string;
  readonly reads: ReadSet;
  /** Whether it can be answered without a call, for lists. */
  readonly holdsForWholeTool: boolean;
  /** Whether it asks what the caller did before. */
  readonly readsHistory: boolean;
  /** Whether it asks where data came from, for which results must be looked at. */
  readonly followsData: boolean;
  readonly #program: ParseResult;
  readonly #renamed: string;
  readonly #engine: CelEngine;

  constructor(
    text: string,
    parsed: { renamed: string; program: ParseResult; reads: ReadSet },
    engine: CelEngine,
  ) {
    this.text = text;
    this.reads = parsed.reads;
    this.holdsForWholeTool = [...parsed.reads.roots].every((root) => knownWithoutCall.has(root));
    this.readsHistory = parsed.reads.roots.has('history');
    this.followsData = !callsOf(parsed.program.ast, 'dataFrom').next().done;
    this.#renamed = parsed.renamed;
    this.#program = parsed.program;
    this.#engine = engine;
  }

  /** The faults it has with arguments of this shape, and the members it asks for with `has` that there are not. */
  inspect(args: ObjectShape): Inspection {
    const { findings, absent } = inspectCondition(
      this.#program.ast,
      new Map([...rootShapes, ['args', args]]),
    );
    if (findings.length > 0) return { findings, absent };
    const fault = this.#engine.typeFault(this.#renamed, withAbsent(args, absent), this.reads.names);
    return { findings: fault === undefined ? [] : [describeTypeFault(fault, this.text)], absent };
  }

  /** Throws ConditionFailure when there is no answer: a missing member, a value of another type, too long a loop. */
  holds(activation: Activation): boolean {
    try {
      this.#engine.work.begin(activation);
      this.#boundLoops(activation.bindArguments(this.reads.args));
      const result: unknown = this.#program(activation);
      if (typeof result === 'boolean') return result;
    } catch (error) {
      throw new ConditionFailure(causeOf(error, this.text));
    }
    throw new ConditionFailure('the condition is neither true nor false');
  }

  /** The condition as a tree; offsets in it are offsets in `text`. */
  get tree(): ASTNode {
    return this.#program.ast;
  }

  /** What a part of the condition answers, for explanations; throws where it has no answer. */
  evaluatePart({ start, end }: SourceRange, activation: Activation): unknown {
    this.#engine.work.begin(activation);
    this.#boundLoops(activation.bindArguments(this.reads.args));
    return this.#engine.parse(this.#renamed.slice(start, end))(activation);
  }

  #boundLoops(weight: Weight): void {
    const { loopDepth, longestLiteral, splits } = this.reads;
    if (loopDepth === 0) return;
    const longest = Math.max(longestLiteral, weight.elements + (splits ? weight.characters : 0));
    if (longest ** loopDepth > mostSteps)
      throw new BindingFault('the arguments are too long for the loops of the condition');
  }
}

/** Throws ConditionFaults with everything that is wrong regardless of any tool. */
export function compileCondition(text: string, engine: CelEngine): Condition {
  if (text.length > longestText) {
    throw new ConditionFaults([
      { message: `has ${text.length} characters; at most ${longestText} are allowed` },
    ]);
  }
  const renamed = renameCalls(text, parse(text, engine).ast, engine.aliases);
  const program = parse(renamed, engine);
  const reads = readSetOf(program.ast, rootNames);
  const findings = [...reads.findings, ...loopFindings(reads), ...checkCalls(program.ast, engine.functions)];
  const condition = new Condition(text, { renamed, program, reads }, engine);
  if (findings.length === 0) findings.push(...condition.inspect(openObject).findings);
  if (findings.length === 0) {
    const checked = program.check();
    if (!checked.valid) findings.push({ message: checked.error?.message ?? 'does not type-check' });
  }
  if (findings.length === 0) findings.push(...findContradictions(program.ast, text));
  if (findings.length === 0 && reads.roots.size === 0 && !isTrue(program)) {
    findings.push({ message: 'is false whatever the call, so the rule can never match; remove the rule' });
  }
  if (findings.length > 0) throw new ConditionFaults(findings);
  return condition;
}

function isTrue(program: ParseResult): boolean {
  try {
    return program({}) === true;
  } catch {
    return false;
  }
}

/** Members that are only asked for with `has` may be read behind it: they count as members of any type. */
function withAbsent(args: ObjectShape, absent: readonly string[]): ObjectShape {
  const names = absent.filter((path) => path.startsWith('args.')).map((path) => path.slice('args.'.length));
  if (names.length === 0) return args;
  return { ...args, fields: new Map([...args.fields, ...names.map((name) => [name, anyShape] as const)]) };
}

function parse(text: string, engine: CelEngine): ParseResult {
  try {
    return engine.parse(text);
  } catch (error) {
    const { summary, range } = error as { summary?: string; range?: { start: number } };
    const message = `is not CEL: ${summary ?? 'nested too deeply'}`;
    throw new ConditionFaults([range === undefined ? { message } : { message, at: range.start }]);
  }
}

function loopFindings(reads: ReadSet): Finding[] {
  if (reads.loopDepth <= deepestLoop) return [];
  return [{ message: `has ${reads.loopDepth} loops within each other; at most ${deepestLoop} are allowed` }];
}

/** Names the part of the rule that failed and how, without any value: causes are recorded where arguments may not be. */
function causeOf(error: unknown, text: string): string {
  if (error instanceof BindingFault) return error.message;
  const { code, node, summary } = error as { code?: string; node?: SourceRange; summary?: string };
  const part = node === undefined ? undefined : text.slice(node.start, node.end);
  const where = part === undefined ? '' : `${part.length > 80 ? `${part.slice(0, 80)}...` : part}: `;
  if (code === functionFaultCode && summary !== undefined) return where + summary;
  return where + (causes.get(code ?? '') ?? 'cannot be evaluated with these values');
}

interface SourceRange {
  readonly start: number;
  readonly end: number;
}

const causes = new Map([
  ['no_such_key', 'is absent; guard it with has(...)'],
  ['index_out_of_bounds', 'is past the end of the list'],
  ['no_such_overload', 'does not take values of these types'],
  ['mixed_types', 'compares values of different types'],
  ['no_matching_overload', 'does not take values of these types'],
  ['invalid_logical_operand', 'is neither true nor false'],
  ['invalid_condition_type', 'is neither true nor false'],
  ['numeric_overflow', 'leaves the range of integers'],
  ['division_by_zero', 'divides by zero'],
  ['modulo_by_zero', 'divides by zero'],
]);
