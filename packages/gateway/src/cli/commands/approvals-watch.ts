import type { ChannelAnswer, ChannelNotice } from '../../approvals/approval-channel.js';
import { type PromptOutcome, PromptQueue } from '../../approvals/prompt-queue.js';
import { openTerminal, type TerminalDevice } from '../../approvals/terminal-device.js';
import { systemClock } from '../../lib/clock.js';
import { inertJson } from '../../lib/inert-text.js';
import type { HoldState } from '../../model/hold.js';
import { type ApprovalOptions, type ApprovalsAt, withApprovals } from '../approvals-at.js';
import { CliError } from '../cli-error.js';
import { followHolds } from '../follow-holds.js';
import type { ShownHold } from '../shown-hold.js';
import { signalExitCodes, stopSignal } from '../stop-signal.js';
import { print, say } from '../terminal.js';

/** `approvals watch`: each hold when it changes, as a line of JSON; or, at a terminal, a question about each that waits. */
export function watchApprovals(options: ApprovalOptions): Promise<number> {
  const stopped = stopSignal();
  const isAsking = options.json !== true && process.stdin.isTTY && process.stdout.isTTY;
  return withApprovals(options, async (approvals) => {
    const terminal = isAsking ? openTerminal() : undefined;
    const asking = terminal === undefined ? undefined : askAt(terminal, approvals);
    const tell = asking?.tell ?? (async (hold: ShownHold) => printLine(hold));
    if (asking !== undefined) say('Calls that wait are asked about here; Ctrl-C ends it.');
    try {
      return signalExitCodes[await followHolds({ approvals, tell, stopped })];
    } finally {
      asking?.close();
      terminal?.close();
    }
  });
}

function printLine(hold: ShownHold): void {
  print(JSON.stringify(JSON.parse(inertJson(hold))));
}

interface Asking {
  readonly tell: (hold: ShownHold) => Promise<void>;
  readonly close: () => void;
}

/** Answers go back with what was shown; the token of a notice is the id of its hold. */
function askAt(terminal: TerminalDevice, approvals: ApprovalsAt): Asking {
  const shown = new Map<string, ShownHold>();
  const queue = new PromptQueue({
    terminal,
    after: (ms, run) => systemClock.after(ms, run),
    interrupt: () => void process.kill(process.pid, 'SIGINT'),
    answer: (answer) => answered(approvals, shown.get(answer.token), answer),
  });
  return {
    async tell(hold) {
      const { id } = hold;
      const notice: ChannelNotice = { id, token: id, view: await approvals.view(id) };
      if (notice.view.state === 'pending') {
        shown.set(id, { ...hold, bind: notice.view.bind });
        queue.ask(notice);
      } else if (shown.delete(id)) queue.over(notice);
    },
    close: () => queue.close(),
  };
}

async function answered(
  approvals: ApprovalsAt,
  hold: ShownHold | undefined,
  { verdict, note }: ChannelAnswer,
): Promise<PromptOutcome> {
  try {
    if (hold === undefined) throw new CliError('It is not asked any more.');
    const { state } = await approvals.answer(hold, { verdict, note });
    return { kind: 'taken', hold: { state: state as HoldState } };
  } catch (cause) {
    if (!(cause instanceof CliError)) throw cause;
    return { kind: 'refused', message: cause.message };
  }
}
