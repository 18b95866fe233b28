import type { ASTNode } from '@marcbachmann/cel-js';
import { asLoop, asMember, childrenOf, pathOf } from './cel-tree.js';
import type { Finding } from './policy-problem.js';

/** What a condition looks at, found by reading it once at load. */
export interface ReadSet {
  /** The arguments it reads by name, or `all` when it uses `args` as a whole. */
  readonly args: ReadonlySet<string> | 'all';
  /** The variables it uses: `args`, `principal`, ... */
  readonly roots: ReadonlySet<string>;
  /** Every member name it reads, at any depth. */
  readonly names: ReadonlySet<string>;
  /** Every chain of members that starts at a variable, such as `args.filter.name`. */
  readonly paths: ReadonlySet<string>;
  /** How deep loops stand within loops. */
  readonly loopDepth: number;
  /** The longest list or map written in the condition. */
  readonly longestLiteral: number;
  /** Whether it makes lists from strings, so that the length of a string counts as a length of a list. */
  readonly splits: boolean;
  readonly findings: readonly Finding[];
}

/** Reads a condition's tree; `roots` are the names of the variables there are. */
export function readSetOf(tree: ASTNode, roots: ReadonlySet<string>): ReadSet {
  const reader = new TreeReader(roots);
  reader.visit(tree, { variables: new Set(), depth: 0 });
  return {
    args: reader.wholeArgs ? 'all' : reader.args,
    roots: reader.used,
    names: reader.names,
    paths: reader.paths,
    loopDepth: reader.loopDepth,
    longestLiteral: reader.longestLiteral,
    splits: reader.splits,
    findings: reader.findings,
  };
}

interface Scope {
  readonly variables: ReadonlySet<string>;
  readonly depth: number;
}

class TreeReader {
  readonly args = new Set<string>();
  readonly used = new Set<string>();
  readonly names = new Set<string>();
  readonly paths = new Set<string>();
  readonly findings: Finding[] = [];
  wholeArgs = false;
  splits = false;
  loopDepth = 0;
  longestLiteral = 0;
  readonly #roots: ReadonlySet<string>;

  constructor(roots: ReadonlySet<string>) {
    this.#roots = roots;
  }

  visit(node: ASTNode, scope: Scope): void {
    if (node.op === 'list' || node.op === 'map')
      this.longestLiteral = Math.max(this.longestLiteral, node.args.length);
    if (node.op === 'rcall' && node.args[0] === 'split') this.splits = true;
    if (node.op === 'id') this.#visitVariable(node.args, node, scope);
    else if (asLoop(node) !== undefined) this.#visitLoop(node, scope);
    else if (asMember(node) !== undefined) this.#visitMember(node, scope);
    else for (const child of childrenOf(node)) this.visit(child, scope);
  }

  #visitVariable(name: string, node: ASTNode, scope: Scope): void {
    if (scope.variables.has(name)) return;
    if (name === 'cel')
      this.findings.push({ message: '"cel.bind" is not supported; write the value out', at: node.start });
    if (!this.#roots.has(name)) return;
    this.used.add(name);
    if (name === 'args') this.wholeArgs = true;
    else this.paths.add(name);
  }

  #visitMember(node: ASTNode, scope: Scope): void {
    const member = asMember(node);
    if (member === undefined) return;
    this.names.add(member.name);
    const path = pathOf(node);
    const [root = '', first] = (path ?? '').split('.', 2);
    if (path === undefined || scope.variables.has(root) || !this.#roots.has(root)) {
      this.visit(member.owner, scope);
      return;
    }
    this.paths.add(path);
    this.used.add(root);
    for (let owner: ASTNode | undefined = member.owner; owner !== undefined; owner = asMember(owner)?.owner) {
      const name = asMember(owner)?.name;
      if (name !== undefined) this.names.add(name);
    }
    if (root === 'args') this.#readArgument(node, first ?? '');
  }

  /** The first member of the chain; taken from the tree, because a name may itself contain a dot. */
  #readArgument(node: ASTNode, fallback: string): void {
    let first = fallback;
    for (let inner = asMember(node); inner !== undefined; inner = asMember(inner.owner)) first = inner.name;
    this.args.add(first);
  }

  #visitLoop(node: ASTNode, scope: Scope): void {
    const loop = asLoop(node);
    if (loop === undefined) return;
    if (this.#roots.has(loop.variable)) {
      const message = `"${loop.variable}" is the name of a variable of every condition; name the loop's variable otherwise`;
      this.findings.push({ message, at: node.start });
    }
    this.visit(loop.range, scope);
    const inner = { variables: new Set([...scope.variables, loop.variable]), depth: scope.depth + 1 };
    this.loopDepth = Math.max(this.loopDepth, inner.depth);
    for (const step of loop.steps) this.visit(step, inner);
  }
}
