import { posix } from 'node:path';
import { type Import, type ParsedModule, parseModule, type SourceFiles } from './parsed-module.js';

export interface Edge extends Import {
  /** The path of the imported file, where it is one of ours. */
  readonly target: string | undefined;
}

export interface GraphModule extends ParsedModule {
  readonly edges: readonly Edge[];
}

export type ModuleGraph = ReadonlyMap<string, GraphModule>;

const gateway = 'packages/gateway/src/';

/** Names that stand for a file of ours without being a path to it. */
const entries: Readonly<Record<string, string>> = {
  '#contract': 'packages/contract/src/index.ts',
  '#journal-worker': `${gateway}store/journal-worker.ts`,
  '@sallyport/contract': 'packages/contract/src/index.ts',
  '@sallyport/client': 'packages/client/src/index.ts',
  sallyport: `${gateway}exports/index.ts`,
};

/** The modules of `files` and who imports whom; tests are left out, since they may look anywhere. */
export function readGraph(files: SourceFiles): ModuleGraph {
  const graph = new Map<string, GraphModule>();
  for (const [path, text] of files) {
    if (path.endsWith('.test.ts')) continue;
    const module = parseModule(path, text);
    const edges = module.imports.map((one) => ({ ...one, target: targetOf(path, one.specifier) }));
    graph.set(path, { ...module, edges });
  }
  return graph;
}

function targetOf(importer: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return entries[specifier];
  return posix.join(posix.dirname(importer), specifier).replace(/\.js$/, '.ts');
}

/** The path below packages/gateway/src, or undefined for files of another workspace. */
export function insideGateway(path: string): string | undefined {
  return path.startsWith(gateway) ? path.slice(gateway.length) : undefined;
}

/** Groups of modules that import each other, directly or around corners. */
export function circlesIn(graph: ModuleGraph): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const enter = (path: string): void => {
    order.set(path, order.size);
    low.set(path, order.size - 1);
    stack.push(path);
    for (const { target } of graph.get(path)?.edges ?? []) {
      if (target === undefined || !graph.has(target)) continue;
      if (!order.has(target)) enter(target);
      if (stack.includes(target)) low.set(path, Math.min(low.get(path) ?? 0, low.get(target) ?? 0));
    }
    if (low.get(path) !== order.get(path)) return;
    const group = stack.splice(stack.indexOf(path));
    const importsItself = graph.get(path)?.edges.some((edge) => edge.target === path);
    if (group.length > 1 || importsItself) circles.push(group);
  };
  for (const path of graph.keys()) if (!order.has(path)) enter(path);
  return circles;
}
