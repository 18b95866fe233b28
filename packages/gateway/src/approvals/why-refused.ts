import type { Hold } from '../model/hold.js';
import { type Answer, type AnswerProblem, type RefusedAnswer, refusedAnswer } from './answer.js';
import { whyNotAnswer } from './who-may-answer.js';

/** Tries that are put on record: of somebody, or in a way, that never can answer. */
export const neverCounts: ReadonlySet<AnswerProblem> = new Set(['forbidden', 'step_up']);

/** Why an answer cannot be taken, whatever state its hold is in; undefined where it can. */
export function whyRefused(hold: Hold, answer: Answer): RefusedAnswer | undefined {
  const message = whyNotAnswer(answer.by, hold);
  if (message !== undefined) return { kind: 'refused', problem: 'forbidden', message };
  const { stepUp, noteRequired } = hold.terms;
  if (stepUp === true && answer.verdict === 'approve' && answer.isFresh !== true)
    return refusedAnswer('step_up');
  if (noteRequired && (answer.note ?? '').trim() === '') return refusedAnswer('note_missing');
  return answer.instead !== undefined && !isEditable(hold) ? refusedAnswer('not_editable') : undefined;
}

/** Whether its arguments can be changed by whoever approves it. */
export function isEditable({ method, request, terms }: Hold): boolean {
  return method === 'tools/call' && request !== undefined && terms.quorum === 1;
}
