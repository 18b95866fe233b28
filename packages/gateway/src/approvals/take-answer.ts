/// <reference lib="es2024.string" />
import type { Hold, Vote } from '../model/hold.js';
import { type Answer, type AnswerOutcome, decidedBy, refusedAnswer, voteOf } from './answer.js';
import type { DeskDeps } from './desk-deps.js';
import { holdMembers, voteEventOf, voteMembers } from './hold-members.js';
import { usableUntilOf } from './open-hold.js';
import { whyNotAnswer } from './who-may-answer.js';
import { neverCounts, whyRefused } from './why-refused.js';

/** Takes an answer to the hold of an id, if it may be given, and counts it once it is on record. */
export async function takeAnswer(deps: DeskDeps, id: string, answer: Answer): Promise<AnswerOutcome> {
  const { table, clock, settings } = deps;
  const hold = table.find(id);
  if (hold === undefined || hold.tenant !== answer.by.tenant) return refusedAnswer('unknown');
  const refused = whyRefused(hold, answer);
  if (refused !== undefined) {
    if (neverCounts.has(refused.problem))
      await recordRefused(deps, hold, { ...answer, detail: refused.message });
    return refused;
  }
  const now = clock.now();
  const vote = voteOf(answer, now);
  const outcome = table.vote(id, vote, {
    bind: answer.seen,
    usableUntil: usableUntilOf(hold, now + settings().usableMs),
    counts: (earlier) => stillCounts(deps, hold, earlier),
  });
  if (typeof outcome === 'string') return refusedAnswer(outcome);
  const dropped = hold.votes.filter(
    ({ by, at }) => !outcome.votes.some((one) => one.by === by && one.at === at),
  );
  return recordVote(deps, decidedBy(outcome, answer), { vote, dropped });
}

/** Records a try to answer by somebody, or in a way, that never can. */
export async function recordRefused(
  { record }: DeskDeps,
  hold: Hold,
  { by, channel, detail }: Pick<Answer, 'by' | 'channel'> & { readonly detail: string },
): Promise<void> {
  const members = { by: by.id.toWellFormed(), via: channel, detail };
  await record('hold.answer_refused', { ...holdMembers(hold), ...members });
}

/** Of several people each must be allowed to say yes when the last one does. */
function stillCounts({ voterNow }: DeskDeps, hold: Hold, vote: Vote): boolean {
  const person = voterNow(vote, hold.tenant);
  if (person === 'unknown') return true;
  return person !== undefined && whyNotAnswer(person, hold) === undefined;
}

interface Counted {
  readonly vote: Vote;
  /** Earlier ones that do not count any more. */
  readonly dropped: readonly Vote[];
}

/** An answer counts once it is on record: a process that ends before that leaves the hold as it was. */
async function recordVote(deps: DeskDeps, hold: Hold, { vote, dropped }: Counted): Promise<AnswerOutcome> {
  const { table, clock, record, log } = deps;
  const without = dropped.length === 0 ? {} : { dropped: dropped.map(({ by }) => by.toWellFormed()) };
  try {
    await record(voteEventOf(hold), { ...voteMembers(hold, vote), ...without });
  } catch (cause) {
    log.error({ err: cause, hold: hold.id }, 'an answer could not be recorded, so it does not count');
    table.move(hold.id, { from: 'pending', to: 'stale', now: clock.now() });
    return refusedAnswer('unrecorded');
  }
  if (hold.state !== 'pending' && !table.settle(hold)) return refusedAnswer('decided');
  return { kind: 'taken', hold };
}
