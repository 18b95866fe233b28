import { type Measure, type Rule, readMeasure, rulesFor, type Scope } from './cordon-actions.js';
import { nativeValue, variableName } from './literal-values.js';
import { aliased, type Part } from './part.js';
import type { Draft } from './translation.js';
import { celList } from './written-names.js';

/** What the servers of one file have in common. */
export interface CordonSurroundings {
  readonly draft: Draft;
  readonly terms: NonNullable<Rule['approval']>;
  /** The variables that the file reads, with their values. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The names of the same thing in the article and in the real tool. */
const aliases = {
  name: ['identifier', 'name'],
  command: ['spawnCommand', 'command'],
  args: ['spawnArgs', 'args'],
  env: ['environment', 'env'],
  policy: ['defaultAction', 'policy'],
  tools: ['toolOverrides', 'tools'],
} as const;

const keys = [...Object.values(aliases).flat(), 'transport', 'knownTools', 'onUnknownTool'];

/** Adds a server and what may be done with its tools; gives its name there and its id here. */
export function addCordonServer(
  part: Part,
  around: CordonSurroundings,
): { name: string; id: string } | undefined {
  part.withKeys(keys);
  part.at('transport').oneOf(['stdio']);
  const name = aliased(part, aliases.name).requiredText('a name');
  const command = aliased(part, aliases.command).requiredText('the program to start');
  if (name === undefined || command === undefined) return undefined;
  const args = aliased(part, aliases.args)
    .items()
    .flatMap((item) => (typeof item.value === 'string' ? [item.value] : (item.requiredText() ?? [])));
  const upstream = { command, args, env: environmentOf(aliased(part, aliases.env), name, around) };
  const id = around.draft.addUpstream(name, upstream, part);
  addTools(part, id, around);
  return { name, id };
}

function environmentOf(part: Part, server: string, { draft, variables }: CordonSurroundings) {
  return Object.fromEntries(
    part.entries().flatMap(([name, value]) => {
      if (typeof value.value !== 'string') {
        value.refuse('found no text; expected the value of the variable as text');
        return [];
      }
      const kept = variableName('cordon', server, name);
      return [[name, nativeValue(value.value, { draft, name: kept, variables })] as const];
    }),
  );
}

function addTools(part: Part, id: string, { draft, terms }: CordonSurroundings): void {
  const overrides = aliased(part, aliases.tools).entries();
  const names = overrides.map(([name]) => name);
  const known = part.at('knownTools');
  const unknown = part.at('onUnknownTool').oneOf(['block', 'allow']) ?? 'block';
  const fallback = aliased(part, aliases.policy);
  const measure: Measure | undefined = fallback.isPresent
    ? readMeasure(fallback)
    : { action: 'allow', sqlArg: 'sql' };
  const add = (what: Measure, scope: Scope, from: Part) => {
    const about = 'tool' in scope ? scope.tool : 'tools';
    for (const rule of rulesFor(what, scope, terms))
      draft.addRule(`${id}.${about}.${rule.effect}`, rule, from);
  };
  if (measure !== undefined)
    add(measure, { upstream: id, except: names }, fallback.isPresent ? fallback : part);
  for (const [tool, override] of overrides) {
    const read = readMeasure(override);
    if (read !== undefined) add(read, { upstream: id, tool }, override);
  }
  if (!known.isPresent) return;
  const listed = [...new Set([...known.texts(), ...names])];
  const when = `!(tool.name in ${celList(listed)})`;
  if (unknown === 'block')
    draft.addRule(`${id}.unknown`, { match: { upstreams: [id], tools: ['*'] }, when, effect: 'hide' }, known);
  else
    draft.warn(
      ['upstreams', id],
      'tools that knownTools does not list are let through, as onUnknownTool says',
    );
}
