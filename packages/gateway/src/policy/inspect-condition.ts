import type { ASTNode } from '@marcbachmann/cel-js';
import { nearest } from '../lib/nearest.js';
import type { JsonValue } from '../model/json.js';
import { asGuard, asLoop, asMember, childrenOf, pathOf } from './cel-tree.js';
import { type Finding, listNames } from './policy-problem.js';
import { anyShape, type Shape } from './shape.js';

export type Scope = ReadonlyMap<string, Shape>;

export interface Inspection {
  readonly findings: readonly Finding[];
  /** Members the condition asks for with `has` that this shape cannot have: legitimate when another tool has them. */
  readonly absent: readonly string[];
}

/** Finds members that do not exist and comparisons with values that a schema does not allow. */
export function inspectCondition(tree: ASTNode, variables: Scope): Inspection {
  const inspector = new Inspector(guardedPaths(tree));
  inspector.shapeOf(tree, variables);
  return { findings: inspector.findings, absent: [...inspector.absent] };
}

function guardedPaths(node: ASTNode, found = new Set<string>()): Set<string> {
  const guarded = asGuard(node);
  const path = guarded === undefined ? undefined : pathOf(guarded);
  if (path !== undefined) found.add(path);
  for (const child of childrenOf(node)) guardedPaths(child, found);
  return found;
}

class Inspector {
  readonly findings: Finding[] = [];
  readonly absent = new Set<string>();
  readonly #guarded: ReadonlySet<string>;

  constructor(guarded: ReadonlySet<string>) {
    this.#guarded = guarded;
  }

  /** The shape of a part of the condition, as far as it is a chain of members; `any` otherwise. */
  shapeOf(node: ASTNode, scope: Scope): Shape {
    if (node.op === 'id') return scope.get(node.args) ?? anyShape;
    if (asLoop(node) !== undefined) return this.#loop(node, scope);
    if (asMember(node) !== undefined) return this.#member(node, scope);
    const shapes = childrenOf(node).map((child) => this.shapeOf(child, scope));
    if (node.op === '[]') return shapes[0]?.kind === 'list' ? shapes[0].item : anyShape;
    if (node.op === '==' || node.op === '!=') {
      const [left, right] = node.args;
      this.#compare(node, shapes[0] ?? anyShape, [right]);
      this.#compare(node, shapes[1] ?? anyShape, [left]);
    }
    if (node.op === 'in' && node.args[1].op === 'list')
      this.#compare(node, shapes[0] ?? anyShape, node.args[1].args);
    return anyShape;
  }

  #loop(node: ASTNode, scope: Scope): Shape {
    const loop = asLoop(node);
    if (loop === undefined) return anyShape;
    const range = this.shapeOf(loop.range, scope);
    const item = range.kind === 'list' ? range.item : anyShape;
    for (const step of loop.steps) this.shapeOf(step, new Map([...scope, [loop.variable, item]]));
    return node.op === 'rcall' && node.args[0] === 'filter' ? range : anyShape;
  }

  #member(node: ASTNode, scope: Scope): Shape {
    const member = asMember(node);
    if (member === undefined) return anyShape;
    const owner = this.shapeOf(member.owner, scope);
    if (owner.kind !== 'object') return anyShape;
    const shape = owner.fields.get(member.name) ?? owner.rest;
    if (shape !== undefined) return shape;
    const path = pathOf(node);
    if (path !== undefined && this.#guarded.has(path)) this.absent.add(path);
    else this.findings.push({ message: unknownMember(member, owner.fields), at: member.at });
    return anyShape;
  }

  /** A comparison with literals of which the schema allows none can never be true (or, with `!=`, never false). */
  #compare(node: ASTNode, shape: Shape, others: readonly ASTNode[]): void {
    if (!('allowed' in shape) || shape.allowed === undefined) return;
    const allowed = shape.allowed;
    const literals = others.flatMap((other) => (other.op === 'value' ? [other.args] : []));
    if (literals.length === 0 || literals.length < others.length) return;
    if (literals.some((literal) => allowed.some((value) => isSame(value, literal)))) return;
    const shown = literals.map(String);
    const message = `${listNames(shown)} is not among the values the schema allows: ${listNames(allowed.map(String))}`;
    this.findings.push({
      message: message + suggestion(shown[0] ?? '', allowed.map(String)),
      at: node.start,
    });
  }
}

function unknownMember(member: { owner: ASTNode; name: string }, fields: ReadonlyMap<string, Shape>): string {
  const owner = pathOf(member.owner) ?? 'the object';
  const names = fields.size === 0 ? 'it has none' : `it has ${listNames(fields.keys())}`;
  return `"${member.name}" is not a member of ${owner}; ${names}${suggestion(member.name, fields.keys())}`;
}

function suggestion(word: string, candidates: Iterable<string>): string {
  const near = nearest(word, candidates);
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

function isSame(allowed: JsonValue, literal: unknown): boolean {
  if (typeof literal === 'bigint' || typeof literal === 'number') {
    return (
      (typeof allowed === 'bigint' || typeof allowed === 'number') && Number(allowed) === Number(literal)
    );
  }
  return allowed === literal;
}
