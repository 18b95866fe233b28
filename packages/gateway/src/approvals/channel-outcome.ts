import type { Hold } from '../model/hold.js';
import type { AnswerProblem } from './answer.js';

/** What became of an answer that came over a channel. */
export type ChannelOutcome =
  | { readonly kind: 'taken'; readonly hold: Hold }
  | {
      readonly kind: 'refused';
      /** `token`: of nobody's message, or of one by means of which somebody has answered. `stranger`: of no known person. */
      readonly problem: AnswerProblem | 'token' | 'stranger';
      readonly message: string;
    };

/** Who says no to an answer, and why. */
export function refusedOverChannel(problem: 'token' | 'stranger'): ChannelOutcome {
  return { kind: 'refused', problem, message: sentences[problem] };
}

const sentences = {
  token: 'This message is not good for an answer any more; look for a newer one.',
  stranger: 'The gateway does not know you here: an operator must add you to the people of this channel.',
} as const;
