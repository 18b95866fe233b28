import type { ASTNode } from '@marcbachmann/cel-js';
import type { Question } from '../model/decision.js';
import { Activation, type TargetFacts } from './activation.js';
import type { CelValue } from './bind-value.js';
import { asLoop, childrenOf } from './cel-tree.js';
import type { Condition } from './condition.js';

const longestValue = 400;
const mostCalls = 24;

/** What a condition saw in one decision: the members it reads, and what the functions that it calls answered. */
export function valuesRead(
  condition: Condition,
  question: Question,
  facts: TargetFacts,
): Record<string, string> {
  const paths = [...condition.reads.paths].filter((path) => path !== 'history');
  const read = paths.map((path) => [path, valueAt(path, question, facts)] as const);
  const calls = callsWithin(condition.tree).slice(0, mostCalls);
  const answers = calls.map(({ start, end }) => {
    const text = condition.text.slice(start, end);
    return [text, answerOf(condition, { start, end }, new Activation(question, facts))] as const;
  });
  return Object.fromEntries([...read, ...answers]);
}

/** Arguments as the caller sent them. A name with a dot in it reads as absent here; the condition is not affected. */
function valueAt(path: string, question: Question, facts: TargetFacts): string {
  const [root = '', ...steps] = path.split('.');
  const activation = new Activation(question, facts);
  const roots: Record<string, unknown> = {
    args: question.args,
    principal: activation.principal,
    tool: activation.tool,
    target: activation.target,
    call: activation.call,
    now: activation.now,
  };
  let value = roots[root];
  for (const step of steps) value = memberOf(value, step);
  return value === undefined ? 'absent' : show(value);
}

/** Calls outside of loops, whose variables would be unknown; of calls within calls the outer one. */
function callsWithin(node: ASTNode): { start: number; end: number }[] {
  if (asLoop(node) !== undefined || !readsVariable(node)) return [];
  if (node.op === 'rcall' || (node.op === 'call' && node.args[0] !== 'has'))
    return [{ start: node.start, end: node.end }];
  return childrenOf(node).flatMap(callsWithin);
}

function readsVariable(node: ASTNode): boolean {
  return node.op === 'id' || childrenOf(node).some(readsVariable);
}

function answerOf(
  condition: Condition,
  part: { start: number; end: number },
  activation: Activation,
): string {
  try {
    return show(condition.evaluatePart(part, activation));
  } catch {
    return 'no answer';
  }
}

function memberOf(value: unknown, name: string): unknown {
  if (value instanceof Map) return value.get(name);
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

function show(value: unknown): string {
  const plain = (inner: unknown): unknown => {
    if (typeof inner === 'bigint') return Number.isSafeInteger(Number(inner)) ? Number(inner) : String(inner);
    if (inner instanceof Map) return Object.fromEntries(inner as Map<string, CelValue>);
    return inner;
  };
  const text = JSON.stringify(value, (_name, inner: unknown) => plain(inner)) ?? 'absent';
  return text.length > longestValue ? `${text.slice(0, longestValue)}...` : text;
}
