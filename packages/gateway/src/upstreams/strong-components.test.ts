import fc from 'fast-check';
import { expect, it } from 'vitest';
import { componentsOf } from './strong-components.js';

interface Node {
  readonly id: number;
  readonly next: Node[];
}

function graphOf(edges: readonly (readonly [number, number])[]): Node[] {
  const nodes = Array.from({ length: 8 }, (_, id): Node => ({ id, next: [] }));
  for (const [from, to] of edges) {
    const target = nodes[to];
    if (target !== undefined) nodes[from]?.next.push(target);
  }
  return nodes;
}

function reachable(from: Node): Set<Node> {
  const seen = new Set<Node>();
  const open = [...from.next];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    open.push(...node.next);
  }
  return seen;
}

const edge = fc.tuple(fc.nat(7), fc.nat(7));

it('puts together what leads to each other and nothing else, each after what it leads to', () => {
  fc.assert(
    fc.property(fc.array(edge, { maxLength: 20 }), (edges) => {
      const nodes = graphOf(edges);
      const components = componentsOf(nodes, (node) => node.next);
      const place = new Map(components.flatMap((component, at) => component.map((node) => [node, at])));
      expect(place.size).toBe(nodes.length);
      for (const a of nodes) {
        for (const b of nodes) {
          const together = a === b || (reachable(a).has(b) && reachable(b).has(a));
          expect(place.get(a) === place.get(b)).toBe(together);
          if (!together && reachable(a).has(b)) expect(place.get(a)).toBeGreaterThan(place.get(b) ?? 0);
        }
      }
    }),
  );
});
