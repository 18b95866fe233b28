import type { TypeFault } from './cel-engine.js';
import type { Finding } from './policy-problem.js';

const words = new Map([
  ['int', 'integer'],
  ['double', 'number'],
  ['bool', 'boolean'],
  ['google.protobuf.Timestamp', 'timestamp'],
  ['google.protobuf.Duration', 'duration'],
]);

/** A type error of the library in the words of a schema, with a remedy where one is known. */
export function describeTypeFault(fault: TypeFault, text: string): Finding {
  const at = fault.range?.start;
  const part = fault.range === undefined ? undefined : text.slice(fault.range.start, fault.range.end);
  const message = `${part === undefined ? '' : `"${part}" `}${explain(fault)}`;
  return at === undefined ? { message } : { message, at };
}

function explain(fault: TypeFault): string {
  const [, left, operator, right] = /^no such overload: (.+) (\S+) (.+)$/.exec(fault.summary) ?? [];
  if (left !== undefined && operator !== undefined && right !== undefined) {
    return explainOperator(word(left), operator, word(right));
  }
  if (fault.code === 'not_a_condition') return `${word(fault.summary)}; a condition must be true or false`;
  if (fault.code === 'unknown_variable') {
    return 'is not a variable; there are "args", "call", "principal", "target", "tool", "history" and "now"';
  }
  const [, call] = /^found no matching overload for '(.+)'$/.exec(fault.summary) ?? [];
  return call === undefined
    ? `does not fit: ${word(fault.summary)}`
    : `calls ${word(call)}, which does not exist`;
}

function explainOperator(left: string, operator: string, right: string): string {
  if (operator === 'in' && right === 'object') return 'looks for a name in an object; write has(...) instead';
  if (operator === 'in') return `looks for ${withArticle(left)} in a ${right}, where it can never be`;
  if (operator === '==' || operator === '!=') {
    return `compares ${withArticle(left)} with ${withArticle(right)}, which can never be equal`;
  }
  return `applies "${operator}" to ${withArticle(left)} and ${withArticle(right)}, which is not possible`;
}

function word(types: string): string {
  return types
    .replaceAll(/\bobject_\w+/g, 'object')
    .replaceAll('reMatch', 'matches')
    .replaceAll('asciiLower', 'lowerAscii')
    .replaceAll('asciiUpper', 'upperAscii')
    .replaceAll('tz_', 'get')
    .replaceAll(
      /\b(?:int|double|bool|google\.protobuf\.(?:Timestamp|Duration))\b/g,
      (type) => words.get(type) ?? type,
    );
}

function withArticle(type: string): string {
  if (type === 'null') return 'null';
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}
