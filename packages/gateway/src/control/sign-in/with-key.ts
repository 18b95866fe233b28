import type { Context } from 'hono';
import type { Principal } from '../../model/principal.js';
import type { ControlVariables } from '../control-variables.js';
import type { Identify } from '../rest/admit.js';
import { sourceOf } from './admit-person.js';

export type Identified = Principal | 'throttled' | undefined;

/** Whose a key is that somebody typed into a form. */
export async function identifyKey(
  context: Context<ControlVariables>,
  { identify }: { readonly identify: Identify },
  key: string,
): Promise<Identified> {
  const source = sourceOf(context);
  // An empty header would be nobody's; where no authentication is asked for that is somebody.
  if (key === '' || /[^\x21-\x7e]/.test(key)) return undefined;
  const answer = await identify({ source, authorization: `Bearer ${key}` });
  if (answer.kind === 'known') return answer.principal;
  return answer.kind === 'refused' && answer.retryAfterSeconds !== undefined ? 'throttled' : undefined;
}
