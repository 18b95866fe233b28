import { writeObject } from '../../lib/json/members.js';
import type { RemoteError } from '../../model/remote-error.js';

/** The answers to the questions of one round, or the error that ends the call. */
export type Answers =
  | { readonly texts: readonly (readonly [key: string, text: string])[] }
  | { readonly error: RemoteError };

/** The members of `params` that bring answers. */
export function inputMembers(
  answers: readonly (readonly [key: string, text: string])[],
  stateText: string | undefined,
): string[] {
  const responses = answers.length === 0 ? [] : [`"inputResponses":${writeObject(answers)}`];
  return stateText === undefined ? responses : [...responses, `"requestState":${stateText}`];
}
