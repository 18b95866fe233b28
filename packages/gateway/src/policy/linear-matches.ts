import type { ASTNode } from '@marcbachmann/cel-js';
import { childrenOf } from './cel-tree.js';

/**
 * The name under which conditions call the linear-time `matches`. The library's own `matches` is a backtracking regular
 * expression that cannot be replaced; this name has the same length, so that offsets in the text stay true.
 */
export const linearMatches = 'reMatch';

/** The text with every call of `matches` on a value renamed, string literals and members of that name left alone. */
export function renameMatches(text: string, tree: ASTNode): string {
  let renamed = text;
  for (const node of callsOf(tree, 'matches')) {
    const start = nameStart(text, node);
    if (start === undefined) continue;
    renamed = renamed.slice(0, start) + linearMatches + renamed.slice(start + 'matches'.length);
  }
  return renamed;
}

/** Every call of a function or method of this name, at any depth, macros included. */
export function* callsOf(node: ASTNode, name: string): Generator<ASTNode> {
  if ((node.op === 'rcall' || node.op === 'call') && node.args[0] === name) yield node;
  for (const child of childrenOf(node)) yield* callsOf(child, name);
}

/** Between the receiver and the name stand only closing parentheses, the dot, white space and comments. */
function nameStart(text: string, node: ASTNode): number | undefined {
  if (node.op !== 'rcall') return undefined;
  const between = /(?:[\s).]|\/\/[^\n]*)*/y;
  between.lastIndex = node.args[1].end;
  between.exec(text);
  return text.startsWith('matches', between.lastIndex) ? between.lastIndex : undefined;
}
