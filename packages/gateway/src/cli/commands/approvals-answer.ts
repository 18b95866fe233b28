import { readFile } from 'node:fs/promises';
import { inertJson } from '../../lib/inert-text.js';
import { isJsonObject, parseJson } from '../../lib/json/parse-json.js';
import { type ApprovalOptions, type CliAnswer, withApprovals } from '../approvals-at.js';
import { CliError } from '../cli-error.js';
import { holdLines } from '../format-hold.js';
import { surroundingLines } from '../format-view.js';
import type { ShownHold } from '../shown-hold.js';
import { print, say } from '../terminal.js';

interface AnswerOptions extends ApprovalOptions {
  readonly note?: string;
  /** File with other arguments. */
  readonly args?: string;
}

/** `approvals show`: everything that there is to know before answering. */
export function showApproval(options: ApprovalOptions, [id = '']: readonly string[]): Promise<number> {
  return withApprovals(options, async (approvals) => {
    const [hold, view] = [await approvals.show(id), await approvals.view(id)];
    if (options.json === true) print(inertJson({ ...hold, view }));
    else for (const line of [...holdLines(hold), ...surroundingLines(view)]) print(line);
    return 0;
  });
}

/** `approvals approve`: yes to exactly what is shown, once. */
export async function approveHold(options: AnswerOptions, [id = '']: readonly string[]): Promise<number> {
  const args = options.args === undefined ? undefined : await readArguments(options.args);
  return answerHold(options, id, { verdict: 'approve', note: options.note, args });
}

/** `approvals deny`: no. */
export function denyHold(options: AnswerOptions, [id = '']: readonly string[]): Promise<number> {
  return answerHold(options, id, { verdict: 'deny', note: options.note });
}

/** Checked here, for whatever comes after it in the request must not be read as part of it. */
async function readArguments(file: string): Promise<string> {
  try {
    const text = await readFile(file, 'utf8');
    if (isJsonObject(parseJson(text).value)) return text.trim();
    throw new Error('expected a JSON object');
  } catch (cause) {
    throw new CliError(`--args: ${cause instanceof Error ? cause.message : String(cause)}`, 2, cause);
  }
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
  used: 'Approved with changes: the gateway makes the changed call.',
};

function report({ json }: ApprovalOptions, hold: ShownHold): void {
  if (json === true) print(inertJson(hold));
  else for (const line of holdLines(hold)) print(line);
}
