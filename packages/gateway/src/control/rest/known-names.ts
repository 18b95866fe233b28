import { z } from 'zod';

type Node = Readonly<Record<string, unknown>>;

/** Of the schemas that somebody has got wrong: they are as many as the routes. */
const roots = new WeakMap<z.ZodType, Node>();

/** The names that an object may have at a path of what a schema takes; empty where it may have any. */
export function knownNames(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const root = rootOf(schema);
  const at = path.reduce<Node[]>(
    (nodes, step) => nodes.flatMap((node) => below(node, step, root)),
    expand(root, root),
  );
  return [...new Set(at.flatMap((node) => Object.keys(nodeIn(node.properties) ?? {})))];
}

function rootOf(schema: z.ZodType): Node {
  const known = roots.get(schema);
  if (known !== undefined) return known;
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Node;
  roots.set(schema, root);
  return root;
}

function below(node: Node, step: PropertyKey, root: Node): Node[] {
  const next =
    typeof step === 'number'
      ? nodeIn(node.items)
      : (nodeIn(nodeIn(node.properties)?.[String(step)]) ?? nodeIn(node.additionalProperties));
  return next === undefined ? [] : expand(next, root);
}

/** The alternatives of a node, references followed. */
function expand(node: Node, root: Node): Node[] {
  const name = typeof node.$ref === 'string' ? /^#\/\$defs\/(.+)$/.exec(node.$ref)?.[1] : undefined;
  const target = name === undefined ? undefined : nodeIn(nodeIn(root.$defs)?.[name]);
  if (target !== undefined) return expand(target, root);
  const alternatives = [node.anyOf, node.oneOf, node.allOf].flatMap((list) =>
    Array.isArray(list) ? list : [],
  );
  return [node, ...alternatives.flatMap((one: unknown) => expand(nodeIn(one) ?? {}, root))];
}

function nodeIn(value: unknown): Node | undefined {
  return typeof value === 'object' && value !== null ? (value as Node) : undefined;
}
