import type { NamedTarget } from './history.js';

/**
 * Every name by which somebody can mean a tool or prompt: the exposed one, `fs:read_file`, and the upstream's own. Of
 * these the exposed one can become another when upstreams come, or with the next start.
 */
export function everyNameOf({ exposedName, upstream, name }: Omit<NamedTarget, 'kind'>): readonly string[] {
  return [exposedName, `${upstream}:${name}`, name];
}
