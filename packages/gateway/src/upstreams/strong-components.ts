interface Visit {
  readonly order: number;
  /** The earliest node that can be come back to from here. */
  earliest: number;
  isOpen: boolean;
}

/**
 * The strongly connected components of what can be reached from the starts (Tarjan), each after those that it leads to.
 * Throws RangeError where a path is too long for the stack.
 */
export function componentsOf<Node extends object>(
  starts: readonly Node[],
  next: (node: Node) => readonly Node[],
): Node[][] {
  const visits = new Map<Node, Visit>();
  const open: Node[] = [];
  const components: Node[][] = [];

  function visit(node: Node): Visit {
    const own: Visit = { order: visits.size, earliest: visits.size, isOpen: true };
    visits.set(node, own);
    open.push(node);
    for (const inner of next(node)) {
      const known = visits.get(inner);
      if (known === undefined) own.earliest = Math.min(own.earliest, visit(inner).earliest);
      else if (known.isOpen) own.earliest = Math.min(own.earliest, known.order);
    }
    if (own.earliest === own.order) components.push(close(node));
    return own;
  }

  function close(first: Node): Node[] {
    const component = open.splice(open.lastIndexOf(first));
    for (const node of component) {
      const known = visits.get(node);
      if (known !== undefined) known.isOpen = false;
    }
    return component;
  }

  for (const start of starts) if (!visits.has(start)) visit(start);
  return components;
}
