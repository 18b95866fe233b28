import type { ASTNode } from '@marcbachmann/cel-js';
import { childrenOf, pathOf } from './cel-tree.js';
import type { Finding } from './policy-problem.js';

type Literal = string | number | bigint | boolean;

/** `path operator literal`, with the literal on the right. */
interface Comparison {
  readonly path: string;
  readonly operator: '==' | '<' | '<=' | '>' | '>=';
  readonly literal: Literal;
  readonly node: ASTNode;
}

const mirrored = { '==': '==', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/** Comparisons of one value that are joined by `&&` and cannot hold together, as `a > 100 && a < 50`. */
export function findContradictions(tree: ASTNode, text: string): Finding[] {
  if (tree.op !== '&&') return childrenOf(tree).flatMap((child) => findContradictions(child, text));
  const parts = conjunctsOf(tree);
  const comparisons = parts.flatMap(comparisonIn);
  const clash = firstClash(comparisons);
  const below = parts.flatMap((part) => childrenOf(part)).flatMap((child) => findContradictions(child, text));
  if (clash === undefined) return below;
  const [one, other] = clash.map(({ node }) => `"${text.slice(node.start, node.end)}"`);
  const message = `${one} and ${other} are never true together; write || where either will do`;
  return [{ message, at: clash[1].node.start }, ...below];
}

function conjunctsOf(node: ASTNode): ASTNode[] {
  return node.op === '&&' ? node.args.flatMap(conjunctsOf) : [node];
}

function comparisonIn(node: ASTNode): Comparison[] {
  if (!isOperator(node.op)) return [];
  const [left, right] = childrenOf(node);
  if (left === undefined || right === undefined) return [];
  const [value, path] = [literalOf(right), pathOf(left)];
  if (value !== undefined && path !== undefined) return [{ path, operator: node.op, literal: value, node }];
  const [mirroredValue, mirroredPath] = [literalOf(left), pathOf(right)];
  if (mirroredValue === undefined || mirroredPath === undefined) return [];
  return [{ path: mirroredPath, operator: mirrored[node.op], literal: mirroredValue, node }];
}

function firstClash(comparisons: readonly Comparison[]): [Comparison, Comparison] | undefined {
  for (const [index, later] of comparisons.entries()) {
    const earlier = comparisons.slice(0, index).find((one) => one.path === later.path && clashes(one, later));
    if (earlier !== undefined) return [earlier, later];
  }
  return undefined;
}

function clashes(one: Comparison, other: Comparison): boolean {
  if (typeof one.literal === 'string' || typeof one.literal === 'boolean') {
    return one.operator === '==' && other.operator === '==' && one.literal !== other.literal;
  }
  if (typeof other.literal === 'string' || typeof other.literal === 'boolean') return false;
  const [least, most] = [lowerBound(one, other), upperBound(one, other)];
  if (least === undefined || most === undefined) return false;
  return least.at > most.at || (isEqual(least, most) && (least.open || most.open));
}

interface Bound {
  readonly at: number | bigint;
  /** Whether the bound itself is left out. */
  readonly open: boolean;
}

function lowerBound(...comparisons: readonly Comparison[]): Bound | undefined {
  return boundsOf(comparisons, ['==', '>', '>=']).reduce<Bound | undefined>(
    (most, next) =>
      most === undefined || next.at > most.at || (isEqual(next, most) && next.open) ? next : most,
    undefined,
  );
}

function upperBound(...comparisons: readonly Comparison[]): Bound | undefined {
  return boundsOf(comparisons, ['==', '<', '<=']).reduce<Bound | undefined>(
    (least, next) =>
      least === undefined || next.at < least.at || (isEqual(next, least) && next.open) ? next : least,
    undefined,
  );
}

/** Integers and decimals of the same size are equal. */
function isEqual(one: Bound, other: Bound): boolean {
  const less = one.at < other.at;
  const more = one.at > other.at;
  return !less && !more;
}

function boundsOf(comparisons: readonly Comparison[], operators: readonly string[]): Bound[] {
  return comparisons.flatMap(({ operator, literal }): Bound[] => {
    if (!operators.includes(operator) || (typeof literal !== 'number' && typeof literal !== 'bigint'))
      return [];
    return [{ at: literal, open: operator === '<' || operator === '>' }];
  });
}

function isOperator(op: string): op is Comparison['operator'] {
  return Object.hasOwn(mirrored, op);
}

function literalOf(node: ASTNode): Literal | undefined {
  if (node.op === '-_') {
    const inner = literalOf(node.args);
    return typeof inner === 'number' || typeof inner === 'bigint' ? -inner : undefined;
  }
  if (node.op !== 'value') return undefined;
  const value: unknown = node.args;
  const isLiteral = ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
  return isLiteral ? (value as Literal) : undefined;
}
