import { inertJson } from '../../lib/inert-text.js';
import { type ApprovalOptions, type CliAnswer, withApprovals } from '../approvals-at.js';
import { holdLines } from '../format-hold.js';
import type { ShownHold } from '../shown-hold.js';
import { print, say } from '../terminal.js';

interface AnswerOptions extends ApprovalOptions {
  readonly note?: string;
}

/** `approvals show`: everything that there is to know before answering. */
export function showApproval(options: ApprovalOptions, [id = '']: readonly string[]): Promise<number> {
  return withApprovals(options, async (approvals) => {
    report(options, await approvals.show(id));
    return 0;
  });
}

/** `approvals approve`: yes to exactly what is shown, once. */
export function approveHold(options: AnswerOptions, [id = '']: readonly string[]): Promise<number> {
  return answerHold(options, id, { verdict: 'approve', note: options.note });
}

/** `approvals deny`: no. */
export function denyHold(options: AnswerOptions, [id = '']: readonly string[]): Promise<number> {
  return answerHold(options, id, { verdict: 'deny', note: options.note });
}

function answerHold(options: AnswerOptions, id: string, answer: CliAnswer): Promise<number> {
  return withApprovals(options, async (approvals) => {
    const hold = await approvals.answer(await approvals.show(id), answer);
    report(options, hold);
    say(sentences[hold.state] ?? `The hold is ${hold.state}.`);
    return 0;
  });
}

const sentences: Readonly<Record<string, string>> = {
  pending: 'Your answer is taken; it needs further people.',
  approved: 'Approved: the call runs once, if it is made as it was.',
  denied: 'Denied: the call is refused.',
};

function report({ json }: ApprovalOptions, hold: ShownHold): void {
  if (json === true) print(inertJson(hold));
  else for (const line of holdLines(hold)) print(line);
}
