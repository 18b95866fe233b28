import type { ASTNode } from '@marcbachmann/cel-js';
import type { CelFunction, CheckedArgument } from './functions/cel-function.js';
import type { Finding } from './policy-problem.js';
import { callsOf } from './renamed-calls.js';

/** What is wrong with the arguments that functions take written out: patterns, folders, schedules, zones. Compiles them, too. */
export function checkCalls(tree: ASTNode, functions: readonly CelFunction[]): Finding[] {
  const findings: Finding[] = [];
  for (const node of callsOf(tree, 'matches')) {
    findings.push({
      message: 'calls "matches" as a function; write value.matches("pattern")',
      at: node.start,
    });
  }
  for (const { name, alias, argument } of functions) {
    if (argument === undefined) continue;
    for (const node of callsOf(tree, alias ?? name)) findings.push(...checkCall(node, name, argument));
  }
  return findings;
}

function checkCall(node: ASTNode, name: string, argument: CheckedArgument): Finding[] {
  const values = node.op === 'rcall' ? node.args[2] : node.op === 'call' ? node.args[1] : [];
  const value = values[argument.index];
  if (value === undefined) return [];
  const subject = `the ${argument.noun} of "${name}"`;
  const texts = value.op === 'list' ? value.args : [value];
  return texts.flatMap((text): Finding[] => {
    if (text.op !== 'value' || typeof text.args !== 'string') {
      return argument.literal ? [{ message: `${subject} must be a string literal`, at: value.start }] : [];
    }
    const fault = faultOf(text.args, argument);
    return fault === undefined ? [] : [{ message: `${subject} ${fault}`, at: text.start }];
  });
}

function faultOf(text: string, { check }: CheckedArgument): string | undefined {
  try {
    check(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'is not understood';
  }
}
