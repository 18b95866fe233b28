import type { Context } from 'hono';
import type { SignInDesk } from '../../identity/sign-in/sign-in-desk.js';
import type { Hold } from '../../model/hold.js';
import type { ControlVariables } from '../control-variables.js';

export interface ProofSource {
  readonly signIns: Pick<SignInDesk, 'takeProof'>;
}

/**
 * Whether somebody has shown who they are for this yes: the credential came with it, or they have signed in once more for
 * this held call, which is used up by it.
 */
export function isFresh(
  context: Context<ControlVariables>,
  hold: Hold | undefined,
  { signIns }: ProofSource,
): boolean {
  const signIn = context.get('signIn');
  if (signIn === undefined) return true;
  return hold?.terms.stepUp === true && signIns.takeProof(signIn, hold.id);
}
