import type { LayerVersion } from '../model/api-layer.js';
import { Problem } from './rest/problem.js';

interface Wanted {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A page of the versions of something, newest first. */
export function versionPage<Shown extends { readonly version: number }>(
  all: readonly LayerVersion[],
  { limit, cursor }: Wanted,
  show: (version: LayerVersion) => Shown,
) {
  const before = cursor === undefined ? Number.POSITIVE_INFINITY : Number(cursor);
  if (Number.isNaN(before)) throw new Problem('invalid_query', 'cursor: it is none of this route.');
  const left = all.filter(({ version }) => version < before);
  const versions = left.slice(0, limit).map(show);
  const more = left.length > limit ? { next_cursor: String(versions.at(-1)?.version) } : {};
  return { count: versions.length, versions, ...more };
}
