import type { Hold, Vote } from '../model/hold.js';
import type { Principal } from '../model/principal.js';
import type { VoteProblem } from '../store/hold-table.js';
import { localNameOf } from './who-may-answer.js';

/** An answer somebody gives to a hold. */
export interface Answer {
  readonly by: Principal;
  readonly verdict: Vote['verdict'];
  readonly channel: string;
  /** The `bind` of what they were shown. */
  readonly seen: string;
  readonly note?: string | undefined;
  /** Whether they have shown who they are for this answer: by the credential with it, or by signing in again for it. */
  readonly isFresh?: boolean | undefined;
  /** The id of the call with other arguments that runs in place of the held one. */
  readonly instead?: string | undefined;
}

export type AnswerOutcome =
  | { readonly kind: 'taken'; readonly hold: Hold }
  | { readonly kind: 'refused'; readonly problem: AnswerProblem; readonly message: string };

export type RefusedAnswer = Extract<AnswerOutcome, { kind: 'refused' }>;

export type AnswerProblem =
  | VoteProblem
  | 'forbidden'
  | 'step_up'
  | 'note_missing'
  | 'not_editable'
  | 'unrecorded';

const sentences: Record<Exclude<AnswerProblem, 'forbidden'>, string> = {
  unknown: 'There is no such hold.',
  decided: 'The hold is answered or over already.',
  expired: 'The time for an answer is over.',
  changed: 'The hold is about another call than the one that was shown.',
  voted: 'You have answered this hold already; another person must.',
  step_up:
    'This call is of high risk: show the credential with the answer itself, or sign in again for this call.',
  note_missing: 'This hold needs a note with the answer.',
  not_editable: 'Only calls of tools without secrets, which one person may approve, can be changed.',
  unrecorded: 'The answer could not be recorded, so it does not count; the call must be asked for again.',
};

export function refusedAnswer(problem: Exclude<AnswerProblem, 'forbidden'>): RefusedAnswer {
  return { kind: 'refused', problem, message: sentences[problem] };
}

export function voteOf({ by, verdict, channel, note }: Answer, at: number): Vote {
  const owner = by.labels.owner ?? localNameOf(by);
  const person = owner === undefined || owner === by.id ? {} : { person: owner };
  return { by: by.id, credential: by.credential, ...person, verdict, channel, at, note };
}

/** What an answer makes of a hold: one with other arguments uses it up, for its caller gets what the other call returns. */
export function decidedBy(hold: Hold, { instead }: Answer): Hold {
  if (instead === undefined || hold.state !== 'approved') return hold;
  return { ...hold, state: 'used', usedBy: instead, usedAt: hold.decidedAt, carried: true, edited: true };
}
