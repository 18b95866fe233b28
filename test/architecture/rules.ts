import { builtInFolders, builtInsList, doors, floors, guests, sizes } from './house-plan.js';
import { circlesIn, type Edge, type GraphModule, insideGateway, type ModuleGraph } from './module-graph.js';

/** One rule of the house: gives a sentence for each place where it is broken. */
export type Rule = (graph: ModuleGraph) => string[];

/** A floor imports lower floors only; folders of one floor do not know each other. */
export const importsGoDown: Rule = (graph) =>
  eachEdge(graph, (from, edge, to) => {
    const [here, there] = [folderOf(from), folderOf(to)];
    if (here === there || there === undefined || here === undefined) return undefined;
    const [mine, theirs] = [floors[here], floors[there]];
    if (mine === undefined || theirs === undefined)
      return `${mine === undefined ? here : there}/ is on no floor`;
    if (mine > theirs || (here === 'lib' && there === 'model')) return undefined;
    return mine === theirs
      ? `${here}/ and ${there}/ are neighbours and do not know each other (${edge.specifier})`
      : `${here}/ (floor ${mine}) imports ${there}/ (floor ${theirs}), which is above it (${edge.specifier})`;
  });

/** The words depend on nothing, not even on a library. */
export const modelImportsNothing: Rule = (graph) =>
  eachModule(graph, (inside, module) => {
    if (!inside.startsWith('model/')) return [];
    return module.edges
      .filter((edge) => edge.target === undefined)
      .map((edge) => `${place(module, edge)} model/ imports ${edge.specifier}`);
  });

/** Workspaces know each other only the way that packages do: by the entry of one below. */
export const workspacesStayApart: Rule = (graph) =>
  [...graph.values()].flatMap((module) =>
    module.edges.flatMap((edge) => {
      const [here, there] = [
        workspaceOf(module.path),
        edge.target === undefined ? '' : workspaceOf(edge.target),
      ];
      if (there === '' || here === there) return foreignToClient(here, module, edge);
      const allowed = here === 'gateway' ? ['contract'] : here === 'console' ? ['client'] : [];
      const isEntry = !edge.specifier.startsWith('.');
      return allowed.includes(there) && isEntry
        ? []
        : [`${place(module, edge)} ${here} imports ${there} (${edge.specifier})`];
    }),
  );

/** A path that leads nowhere would be a hole through which everything fits. */
export const importsLeadSomewhere: Rule = (graph) =>
  [...graph.values()].flatMap((module) =>
    module.edges
      .filter((edge) => edge.target !== undefined && !graph.has(edge.target))
      .map((edge) => `${place(module, edge)} ${edge.specifier} is none of the files that were looked at`),
  );

export const noCircles: Rule = (graph) =>
  circlesIn(graph).map((circle) => `these import each other: ${circle.join(', ')}`);

/** Built-ins are guests, like third-party plug-ins: one list names them. */
export const onlyTheListNamesBuiltIns: Rule = (graph) =>
  eachEdge(graph, (from, edge, to) => {
    const folder = builtInFolders.find((one) => to.startsWith(`${one}/`));
    if (folder === undefined || from === builtInsList || folderOf(from) === folderOf(to)) return undefined;
    return `${edge.specifier} is a built-in, and only ${builtInsList} names those`;
  });

export const librariesKeepToTheirRooms: Rule = (graph) =>
  eachModule(graph, (inside, module) =>
    module.edges.flatMap((edge) =>
      guests
        .filter((guest) => guest.library.test(edge.specifier) && !isIn(guest.rooms, inside))
        .map(
          (guest) =>
            `${place(module, edge)} ${guest.name} (${edge.specifier}) outside ${guest.rooms.join(', ')}`,
        ),
    ),
  );

export const doorsAreUsed: Rule = (graph) =>
  eachModule(graph, (inside, module) =>
    module.uses.flatMap((use) =>
      doors
        .filter((door) => door.kind === use.kind && !isIn(door.rooms, inside))
        .map(
          (door) => `${module.path}:${use.line} ${door.name} (${use.text}) outside ${door.rooms.join(', ')}`,
        ),
    ),
  );

export const filesAreSmall: Rule = (graph) => {
  const modules = [...graph.values()].filter(({ path }) => !isGenerated(path));
  const lengths = modules.map((module) => module.lines).sort((a, b) => a - b);
  const at = (share: number) => lengths[Math.ceil(lengths.length * share) - 1] ?? 0;
  return [
    ...modules
      .filter((module) => module.lines > sizes.most)
      .map((module) => `${module.path} has ${module.lines} lines, the most is ${sizes.most}`),
    ...(at(0.9) > sizes.ninetyPercent
      ? [`90 % of the files have up to ${at(0.9)} lines, not ${sizes.ninetyPercent}`]
      : []),
    ...(at(0.5) > sizes.median ? [`the median file has ${at(0.5)} lines, not ${sizes.median}`] : []),
  ];
};

/** Written by a program; nobody reads it from top to bottom. */
const isGenerated = (path: string) => path.endsWith('.gen.ts');

const emptyNames =
  /(^|\/)([a-z0-9-]+-)?(utils?|helpers?|manager|service|impl)(\/|\.ts$)|(^|\/)(common|misc)(\/|\.ts$)/;

/** A file is named after what it holds. */
export const namesSaySomething: Rule = (graph) =>
  [...graph.keys()]
    .filter(
      (path) =>
        emptyNames.test(path.replace(/^packages\/\w+\/src\//, '')) ||
        !/^[a-z0-9-]+(\.gen)?\.ts$/.test(lastOf(path)),
    )
    .map((path) => `${path} is named for no thing of this house, or is not in kebab-case`);

function eachEdge(
  graph: ModuleGraph,
  judge: (from: string, edge: Edge, to: string) => string | undefined,
): string[] {
  return eachModule(graph, (from, module) =>
    module.edges.flatMap((edge) => {
      const to = edge.target === undefined ? undefined : insideGateway(edge.target);
      const verdict = to === undefined ? undefined : judge(from, edge, to);
      return verdict === undefined ? [] : [`${place(module, edge)} ${verdict}`];
    }),
  );
}

function eachModule(graph: ModuleGraph, judge: (inside: string, module: GraphModule) => string[]): string[] {
  return [...graph.values()].flatMap((module) => {
    const inside = insideGateway(module.path);
    return inside === undefined ? [] : judge(inside, module);
  });
}

/** The client runs where Node is not, so it imports nothing that is not its own. */
function foreignToClient(workspace: string, module: GraphModule, edge: Edge): string[] {
  if (edge.target !== undefined || (workspace !== 'client' && workspace !== 'console')) return [];
  return [`${place(module, edge)} ${workspace} imports ${edge.specifier}, which browsers do not have`];
}

function folderOf(inside: string): string | undefined {
  return inside.includes('/') ? inside.slice(0, inside.indexOf('/')) : undefined;
}

function workspaceOf(path: string): string {
  return path.split('/')[1] ?? '';
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function isIn(rooms: readonly string[], inside: string): boolean {
  return rooms.some((room) => inside.startsWith(room));
}

function place(module: GraphModule, edge: Edge): string {
  return `${module.path}:${edge.line}`;
}
