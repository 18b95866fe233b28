import type { ASTNode } from '@marcbachmann/cel-js';
import { childrenOf } from './cel-tree.js';

/** What a method is really called, by its name and its number of arguments: `matches/1` is `reMatch`. */
export type Aliases = ReadonlyMap<string, string>;

/**
 * The text with every method call that has an alias renamed, string literals and members of that name left alone.
 * Aliases are as long as the names they stand for, so that offsets stay true.
 */
export function renameCalls(text: string, tree: ASTNode, aliases: Aliases): string {
  let renamed = text;
  for (const node of methodCallsIn(tree)) {
    const [name, receiver, values] = node.args;
    const alias = aliases.get(`${name}/${values.length}`);
    const start = alias === undefined ? undefined : nameStart(text, name, receiver.end);
    if (alias === undefined || start === undefined) continue;
    renamed = renamed.slice(0, start) + alias + renamed.slice(start + name.length);
  }
  return renamed;
}

type MethodCall = Extract<ASTNode, { op: 'rcall' }>;

function* methodCallsIn(node: ASTNode): Generator<MethodCall> {
  if (node.op === 'rcall') yield node;
  for (const child of childrenOf(node)) yield* methodCallsIn(child);
}

/** Every call of a function or method of this name, at any depth, macros included. */
export function* callsOf(node: ASTNode, name: string): Generator<ASTNode> {
  if ((node.op === 'rcall' || node.op === 'call') && node.args[0] === name) yield node;
  for (const child of childrenOf(node)) yield* callsOf(child, name);
}

/** Between the receiver and the name stand only closing parentheses, the dot, white space and comments. */
function nameStart(text: string, name: string, from: number): number | undefined {
  const between = /(?:[\s).]|\/\/[^\n]*)*/y;
  between.lastIndex = from;
  between.exec(text);
  return text.startsWith(name, between.lastIndex) ? between.lastIndex : undefined;
}
