import type { ASTNode } from '@marcbachmann/cel-js';

const macros = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/** A loop over a list or an object's names: `range.all(variable, step)`. */
export interface Loop {
  readonly range: ASTNode;
  readonly variable: string;
  readonly steps: readonly ASTNode[];
}

export function childrenOf(node: ASTNode): readonly ASTNode[] {
  if (node.op === 'value' || node.op === 'id') return [];
  if (node.op === '.' || node.op === '.?') return [node.args[0]];
  if (node.op === '!_' || node.op === '-_') return [node.args];
  if (node.op === 'call') return node.args[1];
  if (node.op === 'rcall') return [node.args[1], ...node.args[2]];
  return node.op === 'map' ? node.args.flat() : node.args;
}

/** The node as a loop, when it is one of CEL's macros over a range. */
export function asLoop(node: ASTNode): Loop | undefined {
  if (node.op !== 'rcall' || !macros.has(node.args[0])) return undefined;
  const [variable, ...steps] = node.args[2];
  if (variable?.op !== 'id' || steps.length === 0) return undefined;
  return { range: node.args[1], variable: variable.args, steps };
}

/** The operand of `has(operand)`. */
export function asGuard(node: ASTNode): ASTNode | undefined {
  return node.op === 'call' && node.args[0] === 'has' ? node.args[1][0] : undefined;
}

/** The member that `a.b` or `a["b"]` reads. */
export function asMember(node: ASTNode): { owner: ASTNode; name: string; at: number } | undefined {
  if (node.op === '.') return { owner: node.args[0], name: node.args[1], at: node.pos };
  if (node.op !== '[]') return undefined;
  const [owner, index] = node.args;
  return index.op === 'value' && typeof index.args === 'string'
    ? { owner, name: index.args, at: index.start }
    : undefined;
}

/** `args.filter.name` for a chain of members on a variable. */
export function pathOf(node: ASTNode): string | undefined {
  if (node.op === 'id') return node.args;
  const member = asMember(node);
  const owner = member === undefined ? undefined : pathOf(member.owner);
  return member === undefined || owner === undefined ? undefined : `${owner}.${member.name}`;
}
