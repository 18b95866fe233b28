import type { LayerEdit, LayerVersion } from '../model/api-layer.js';
import { LayerFault } from '../model/layer-fault.js';
import type { Principal } from '../model/principal.js';
import { JournalUnavailable } from '../store/journal.js';
import { Problem, type ProblemPlace } from './rest/problem.js';
import type { Asked } from './rest/route.js';

type Request = Pick<Asked<string, Record<never, never>, never>, 'context' | 'principal'>;

/** In bytes; a policy can have a thousand rules. */
export const longestPolicy = 1_048_576;

/** What any change of the layer can be refused with, whatever it changes. */
export const changeProblems = ['invalid_header', 'not_ready', 'unrecorded'] as const;

/** Who asks for a change, and with `If-Match` of which versions alone. */
export function editOf({ context, principal }: Request, note?: string): LayerEdit {
  const { id: by, tenant } = principal;
  return { by, tenant, note, only: tagsIn(context.req.header('if-match')) };
}

function tagsIn(match: string | undefined): readonly string[] | undefined {
  const tags = match?.split(',').map((tag) => tag.trim());
  if (tags?.every((tag) => tag === '*' || /^"[^"]+"$/.test(tag)) === false)
    throw new Problem('invalid_header', 'If-Match must be "*" or ETags as they were answered, in quotes.');
  return tags?.map((tag) => tag.replaceAll('"', ''));
}

/** A version as `If-Match` takes it. */
export function etagOf({ revision }: Pick<LayerVersion, 'revision'>): { readonly ETag: string } {
  return { ETag: `"${revision}"` };
}

/** Makes a change and tells what is wrong with it as a problem. */
export async function changed<Result>(
  kind: 'policy' | 'upstream',
  change: () => Promise<Result>,
): Promise<Result> {
  try {
    return await change();
  } catch (cause) {
    if (cause instanceof JournalUnavailable)
      throw new Problem('unrecorded', 'The change could not be recorded, so it was not made.');
    throw cause instanceof LayerFault ? problemOf(cause, kind) : cause;
  }
}

const codes = {
  unknown: 'not_found',
  exists: 'exists',
  read_only: 'read_only',
  changed: 'precondition_failed',
  full: 'conflict',
  closed: 'not_ready',
} as const;

function problemOf({ kind, message, problems }: LayerFault, what: 'policy' | 'upstream'): Problem {
  if (kind === 'invalid') return new Problem(`invalid_${what}`, message, { errors: problems.map(placeOf) });
  return new Problem(codes[kind], message, kind === 'closed' ? { retryAfterSeconds: 1 } : {});
}

function placeOf({ message, ...rest }: LayerFault['problems'][number]): ProblemPlace {
  return { ...rest, detail: message };
}

/** Whoever may read what is made over REST, and who may make it. */
export const readers: readonly Principal['roles'][number][] = ['auditor', 'operator', 'admin'];
export const writers: readonly Principal['roles'][number][] = ['operator', 'admin'];
